using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Holdfast.Core.Sources;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>openat(2) from folder to folder: what was entered stays what it was, whatever is renamed above it. To pass through one the right to list it is not needed.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PosixWrittenFolder(SafeFileHandle folder, string shown) : WrittenFolder
{
    private const int StatxBytes = 256;

    public static PosixWrittenFolder? OpenRoot(string path)
    {
        var opened = Libc.Open(path, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        return opened < 0 && Errno.Last is Errno.ENOENT or Errno.ENOTDIR ? null : new(Own(opened, path), path);
    }

    public override IEnumerable<string> Names() =>
        Directory.EnumerateFileSystemEntries($"/proc/self/fd/{Number}").Select(path => Path.GetFileName(path)!);

    public override WrittenEntry? Look(string name) => Look(Number, name, Libc.AT_SYMLINK_NOFOLLOW);

    public override WrittenFolder? Enter(string name)
    {
        var opened = Libc.OpenAt(Number, name, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        return opened < 0 && Errno.Last is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP ? null : new PosixWrittenFolder(Own(opened, Under(name)), Under(name));
    }

    public override WrittenFile? OpenFile(string name)
    {
        // A pipe would be waited for; what turns out to be none of ours is closed again.
        var opened = Libc.OpenAt(Number, name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC, 0);
        if (opened < 0 && Errno.Last is Errno.ENOENT or Errno.ELOOP or Errno.ENXIO) return null;
        var handle = Own(opened, Under(name));
        if (Look(opened, "", Libc.AT_EMPTY_PATH) is { Kind: WrittenKind.File } entry) return new(handle, entry.Identity);
        handle.Dispose();
        return null;
    }

    public override void Dispose() => folder.Dispose();

    private int Number => (int)folder.DangerousGetHandle();

    private string Under(string name) => Path.Combine(shown, name);

    [SkipLocalsInit]
    private static WrittenEntry? Look(int from, string name, int flags)
    {
        var at = stackalloc byte[StatxBytes];
        if (Libc.Statx(from, name, flags, Libc.STATX_BASIC_STATS, at) < 0) return null;
        var kind = (*(ushort*)(at + 28) & PosixFileFacts.TypeMask) switch
        {
            0x8000 => WrittenKind.File,
            0x4000 => WrittenKind.Folder,
            0xA000 => WrittenKind.Link,
            _ => WrittenKind.Other,
        };
        var device = ((ulong)*(uint*)(at + 136) << 32) | *(uint*)(at + 140);
        // The time of the change, not of the writing: nobody can set it.
        return new(kind, new(device, *(ulong*)(at + 32)), *(long*)(at + 40), unchecked((*(long*)(at + 96) * 1_000_000_000) + *(uint*)(at + 104)));
    }

    private static SafeFileHandle Own(int opened, string path)
    {
        if (opened >= 0) return new(opened, ownsHandle: true);
        var error = Errno.Last;
        var why = $"{path} cannot be opened: {Errno.Describe(error)}";
        throw error is Errno.EACCES or Errno.EPERM ? new UnauthorizedAccessException(why) : new IOException(why, error);
    }
}
