using System.Globalization;
using System.Text;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Fencing;

/// <summary>
/// What a service sees of the lease under which it acts: a small file with one line of a fixed width, <c>EPOCH SOFT HARD</c>, the last two in milliseconds on the clock since boot
/// that counts suspend (CLOCK_BOOTTIME, QueryInterruptTime). It is overwritten in place at each renewal, so that it can be kept open, or mapped.
/// </summary>
internal static class LeaseFile
{
    private const UnixFileMode ReadByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "HOLDFAST_LEASE";

    public static string Text(long epoch, KnownLease? lease) => string.Create(
        CultureInfo.InvariantCulture, $"{epoch:D20} {(long)(lease?.SoftAt ?? TimeSpan.Zero).TotalMilliseconds:D20} {(long)(lease?.HardAt ?? TimeSpan.Zero).TotalMilliseconds:D20}\n");

    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one overwrites it.
        }
    }

    /// <summary>What cannot be written is no reason to end what acts: the deadline is kept without it.</summary>
    public static void Write(string path, long epoch, KnownLease? lease)
    {
        try
        {
            var isNew = !File.Exists(path);
            using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(Text(epoch, lease)), 0);
            // Nothing in it is a secret, and whatever account the service has is to read it.
            if (isNew) FolderRights.Set(path, ReadByAll);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }
}
