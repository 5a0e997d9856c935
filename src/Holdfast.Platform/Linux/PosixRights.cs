using System.Runtime.Versioning;
using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class PosixRights
{
    public const string AccessListName = "system.posix_acl_access";

    /// <summary>Room for a thousand entries.</summary>
    public const int MostListBytes = 8 * 1024;

    /// <summary>Of a folder: what is made in it begins with this list, whatever the umask says.</summary>
    private const string DefaultListName = "system.posix_acl_default";

    public static Outcome<Done> Ensure(string folder, UnixFileMode mode, Account? owner)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(folder)) is { Length: > 0 } parent)
                Directory.CreateDirectory(parent);
            // Never wider than meant, not even for a moment: the umask can only narrow it, and Set widens it to what was asked.
            Directory.CreateDirectory(folder, mode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Failed, "folder.create-failed", $"Cannot make the folder {folder}: {failure.Message}");
        }

        return Set(folder, mode, owner);
    }

    public static Outcome<Done> Set(string path, UnixFileMode mode, Account? owner) => Set(path, mode, owner, null);

    /// <summary>As the other, and no list but the one that is meant.</summary>
    public static Outcome<Done> Set(string path, FileRights rights) => Set(path, rights.Mode, rights.Owner, rights.Named);

    private static Outcome<Done> Set(string path, UnixFileMode mode, Account? owner, IReadOnlyList<NamedAccess>? named)
    {
        var descriptor = Libc.Open(path, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
            return Failed(path, Errno.Last);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // The owner first: a change of owner clears set-id bits, and the old owner must not keep new rights.
        if (owner is not null && Libc.ChangeOwner(handle, owner.UserId, owner.GroupId) < 0)
            return Failed(path, Errno.Last);
        // A list goes before the mode is set, whose group bits would else be its mask; and comes after it, which makes them so.
        var isFolder = named is not null && Directory.Exists(path);
        if (named is { Count: 0 } && !(Remove(handle, AccessListName) && (!isFolder || Remove(handle, DefaultListName)))) return Failed(path, Errno.Last);
        if (Libc.ChangeMode(handle, (uint)mode) < 0) return Failed(path, Errno.Last);
        if (named is not { Count: > 0 }) return Outcome.Done;
        var list = PosixAcl.Of(mode, named, isFolder);
        return Put(handle, AccessListName, list) && (!isFolder || Put(handle, DefaultListName, list)) ? Outcome.Done : NoList(path, Errno.Last);
    }

    private static bool Put(SafeFileHandle handle, string name, byte[] list) => Libc.SetAttribute(handle, name, list, (nuint)list.Length, 0) == 0;

    /// <summary>A file system without lists has none.</summary>
    private static bool Remove(SafeFileHandle handle, string name) => Libc.RemoveAttribute(handle, name) == 0 || Errno.Last is Errno.ENODATA or Errno.EOPNOTSUPP;

    private static Problem NoList(string path, int errno) => errno == Errno.EOPNOTSUPP
        ? new(ProblemKind.Refused, "rights.no-lists", $"The file system of {path} keeps no access lists.")
        {
            Why = "`access` gives a group rights beside those of the account's own group",
            Mend = "mount it with access lists (the option acl), or leave `access` out",
        }
        : Failed(path, errno);

    private static Problem Failed(string path, int errno) => errno == Errno.ELOOP
        ? new(ProblemKind.Refused, "rights.link", $"{path} is a symbolic link.") { Why = "the rights of what it points to are not ours to change" }
        : new(ProblemKind.Failed, "rights.set-failed", $"Cannot set the rights of {path}: {Errno.Describe(errno)}.");
}
