using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Files;

/// <summary>The volume that a path is on.</summary>
/// <param name="Root">A drive, a mounted folder, or a share.</param>
/// <param name="FileSystem">NTFS, ReFS, FAT32, …</param>
/// <param name="IsRemote">It is another machine's.</param>
public sealed record VolumeFacts(string Root, string FileSystem, bool IsRemote)
{
    private const int Letters = 1024;

    /// <summary>Null: Windows does not say.</summary>
    /// <param name="path">May be one that is not there yet.</param>
    [SupportedOSPlatform("windows")]
    public static unsafe VolumeFacts? Of(string path)
    {
        var root = stackalloc char[Letters];
        var fileSystem = stackalloc char[Letters];
        if (!Kernel32.GetVolumePathName(path, root, Letters)) return null;
        var found = new string(root);
        return Kernel32.GetVolumeInformation(found, null, 0, null, null, null, fileSystem, Letters)
            ? new(found, new string(fileSystem), Kernel32.GetDriveType(found) == Kernel32.DRIVE_REMOTE)
            : null;
    }
}
