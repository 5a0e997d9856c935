using System.Globalization;

namespace Holdfast.Platform;

/// <summary>What the kernel lets an account without privileges hold in pipes. Root has no such limit.</summary>
/// <param name="Bytes">Of all its pipes together (fs.pipe-user-pages-soft); what it asks for beyond that is cut down to 8 KiB for each pipe.</param>
public sealed record PipeBudget(long Bytes)
{
    private const string SoftLimit = "/proc/sys/fs/pipe-user-pages-soft";

    /// <summary>Each instance has one for stdout and one for stderr.</summary>
    private const int PipesOfAnInstance = 2;

    /// <summary>How many instances have pipes of <see cref="Pipe.UnprivilegedCapacity"/>.</summary>
    public long Instances => Bytes / PipesOfAnInstance / Pipe.UnprivilegedCapacity;

    /// <summary>Null: there is no limit for this account, or none that is known.</summary>
    public static PipeBudget? Read()
    {
        if (Environment.IsPrivilegedProcess || !File.Exists(SoftLimit)) return null;
        return long.TryParse(File.ReadAllText(SoftLimit).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pages) && pages > 0
            ? new(pages * Environment.SystemPageSize)
            : null;
    }
}
