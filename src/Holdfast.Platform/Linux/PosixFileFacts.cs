using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Holdfast.Core.Packages;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>statx(2), at the offsets that the kernel's interface fixes for every architecture.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class PosixFileFacts
{
    private const int StatxBytes = 256;
    public const ushort TypeMask = 0xF000;
    private const ushort Regular = 0x8000;
    private const ushort Folder = 0x4000;
    private const ushort Socket = 0xC000;
    private const ushort WritableByGroupOrOther = 0x12;
    private const ushort Sticky = 0x200;

    public static FileFacts? Read(string path) => Read(path, withFolders: false);

    public static FileFacts? ReadEntry(string path) => Read(path, withFolders: true);

    [SkipLocalsInit]
    private static FileFacts? Read(string path, bool withFolders)
    {
        var at = stackalloc byte[StatxBytes];
        if (Libc.Statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, at) < 0)
            return null;
        var mode = *(ushort*)(at + 28);
        if ((mode & TypeMask) != Regular && !(withFolders && (mode & TypeMask) == Folder))
            return null;
        var inode = *(ulong*)(at + 32);
        var size = *(long*)(at + 40);
        var changeTime = checked((*(long*)(at + 96) * 1_000_000_000) + *(uint*)(at + 104));
        var device = ((ulong)*(uint*)(at + 136) << 32) | *(uint*)(at + 140);
        var owner = *(uint*)(at + 20);
        return new(size, device, inode, changeTime, (mode & WritableByGroupOrOther) != 0 || IsStranger(owner));
    }

    /// <summary>The nearest folder above in which somebody else could put another file under this name; null when there is none.</summary>
    [SkipLocalsInit]
    public static string? OpenFolderAbove(string path)
    {
        var at = stackalloc byte[StatxBytes];
        for (var folder = System.IO.Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (Libc.Statx(Libc.AT_FDCWD, folder, 0, Libc.STATX_BASIC_STATS, at) < 0 || IsStranger(*(uint*)(at + 20)))
                return folder;
            var mode = *(ushort*)(at + 28);
            // In a sticky folder only an entry's owner replaces it.
            if ((mode & WritableByGroupOrOther) != 0 && (mode & Sticky) == 0)
                return folder;
        }

        return null;
    }

    /// <summary>An owner may change rights and content at any time, whatever the mode says now.</summary>
    private static bool IsStranger(uint owner) => owner != 0 && owner != Libc.EffectiveUser();

    /// <summary>
    /// Whether a folder has folders in it, where its file system counts them as links to it (those of the kernel do, a few others keep 1);
    /// true also where it does not.
    /// </summary>
    [SkipLocalsInit]
    public static bool MayHaveFolders(string path)
    {
        var at = stackalloc byte[StatxBytes];
        return Libc.Statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, at) == 0 && *(uint*)(at + 16) != 2;
    }

    /// <summary>Mode with its type; a link is not followed. Null when nothing stands there.</summary>
    [SkipLocalsInit]
    public static (uint Owner, uint Group, ushort Mode)? Rights(string path)
    {
        var at = stackalloc byte[StatxBytes];
        return Libc.Statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, at) == 0
            ? (*(uint*)(at + 20), *(uint*)(at + 24), *(ushort*)(at + 28))
            : null;
    }

    /// <summary>Of whatever stands there, as its file system tells it; null when nothing does.</summary>
    [SkipLocalsInit]
    public static long? Size(string path)
    {
        var at = stackalloc byte[StatxBytes];
        return Libc.Statx(Libc.AT_FDCWD, path, 0, Libc.STATX_BASIC_STATS, at) == 0 ? *(long*)(at + 40) : null;
    }

    [SkipLocalsInit]
    public static bool IsSocket(string path)
    {
        var at = stackalloc byte[StatxBytes];
        return Libc.Statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, at) == 0
            && (*(ushort*)(at + 28) & TypeMask) == Socket;
    }
}
