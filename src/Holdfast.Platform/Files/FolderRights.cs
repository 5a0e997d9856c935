using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>Folders with exactly the rights that are meant, whatever the umask says.</summary>
public static class FolderRights
{
    /// <summary>0700</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>0750</summary>
    public const UnixFileMode OwnerAndGroup = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>0711: others pass through it and list nothing.</summary>
    public const UnixFileMode Passage = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>0755</summary>
    public const UnixFileMode Public = OwnerAndGroup | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder (and missing parents) or takes the existing one, and sets its rights and owner.</summary>
    /// <param name="owner">Null: stays as it is.</param>
    public static Outcome<Done> Ensure(string folder, UnixFileMode mode, Account? owner = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return OperatingSystem.IsLinux() ? Linux.PosixRights.Ensure(folder, mode, owner)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsRights.Ensure(folder, mode, owner)
            : throw Unsupported.Here("folder rights");
    }

    /// <summary>As the other, and exactly so: entries that others have in an access list go.</summary>
    public static Outcome<Done> Ensure(string folder, FileRights rights)
    {
        ArgumentNullException.ThrowIfNull(rights);
        return Directory.Exists(folder) ? Set(folder, rights) : Ensure(folder, rights.Mode, rights.Owner).Then(_ => Set(folder, rights));
    }

    /// <summary>As <see cref="Ensure(string, FileRights)"/>, and the same for everything that is in it already; links are left as they are.</summary>
    public static Outcome<Done> EnsureWhole(string folder, FileRights rights)
    {
        ArgumentNullException.ThrowIfNull(rights);
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var set = Ensure(folder, rights);
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null))
                set = set.Then(_ => entry is DirectoryInfo ? EnsureWhole(entry.FullName, rights) : Set(entry.FullName, rights with { Mode = rights.Mode & ~execute }));
            return set;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Failed, "rights.set-failed", $"Cannot set the rights of what is in {folder}: {failure.Message}");
        }
    }

    /// <summary>Sets rights and owner of an existing file or folder; a link is refused, not followed.</summary>
    public static Outcome<Done> Set(string path, UnixFileMode mode, Account? owner = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixRights.Set(path, mode, owner)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsRights.Set(path, new(mode, owner))
            : throw Unsupported.Here("file rights");
    }

    /// <summary>As the other, and exactly so: entries that others have in an access list go, and on Windows an owner who is nobody of these.</summary>
    public static Outcome<Done> Set(string path, FileRights rights)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(rights);
        return OperatingSystem.IsLinux() ? Linux.PosixRights.Set(path, rights)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsRights.OwnAndSet(path, rights)
            : throw Unsupported.Here("file rights");
    }
}
