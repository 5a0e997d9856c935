using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class PosixRights
{
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

    public static Outcome<Done> Set(string path, UnixFileMode mode, Account? owner)
    {
        var descriptor = Libc.Open(path, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
            return Failed(path, Errno.Last);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // The owner first: a change of owner clears set-id bits, and the old owner must not keep new rights.
        if (owner is not null && Libc.ChangeOwner(handle, owner.UserId, owner.GroupId) < 0)
            return Failed(path, Errno.Last);
        return Libc.ChangeMode(handle, (uint)mode) < 0 ? Failed(path, Errno.Last) : Outcome.Done;
    }

    private static Problem Failed(string path, int errno) => errno == Errno.ELOOP
        ? new(ProblemKind.Refused, "rights.link", $"{path} is a symbolic link.") { Why = "the rights of what it points to are not ours to change" }
        : new(ProblemKind.Failed, "rights.set-failed", $"Cannot set the rights of {path}: {Errno.Describe(errno)}.");
}
