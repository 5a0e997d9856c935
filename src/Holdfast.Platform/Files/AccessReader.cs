using Holdfast.Core.Access;

namespace Holdfast.Platform;

/// <summary>Reads who may do what with a file or a folder.</summary>
public static class AccessReader
{
    /// <summary>Null: it is not there, or is a link, whose rights are those of what it leads to.</summary>
    public static SeenAccess? Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixAccess.Read(path)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsAccess.Read(path)
            : throw Unsupported.Here("rights of files");
    }

    /// <summary>Which entries mean an account; those of the node's own are trusted, as administrators' are.</summary>
    public static AccessIds IdsOf(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return OperatingSystem.IsLinux() ? Linux.PosixAccess.IdsOf(account)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsAccess.IdsOf(account)
            : throw Unsupported.Here("rights of files");
    }
}
