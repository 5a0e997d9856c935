using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// Files that are either the old ones or the new ones, whole, whatever happens in between: written beside, synced, renamed, folder synced.
/// </summary>
public static class DurableFile
{
    /// <summary>Rights of a file that only its owner reads.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>When it returns Done, the content is on disk; with a problem (<c>file.no-space</c>, <c>file.write-failed</c>) the old file is untouched.</summary>
    /// <param name="mode">Of the new file; the umask does not weaken it.</param>
    public static Outcome<Done> Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = OwnerOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixDurableFile.Write(path, content, mode)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsDurableFile.Write(path, content, mode)
            : throw Unsupported.Here("durable files");
    }

    /// <summary>Removes the file for good; Done also when there is none.</summary>
    public static Outcome<Done> Delete(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixDurableFile.Delete(path)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsDurableFile.Delete(path)
            : throw Unsupported.Here("durable files");
    }
}
