using System.Runtime.Versioning;
using Holdfast.Core.Packages;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Files;

/// <summary>GetFileInformationByHandleEx, and the access list, of one open handle: all of the same file.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsFileFacts
{
    private const uint Shared = Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE;

    /// <summary>1601 to 1970, in units of 100 ns.</summary>
    private const long UnixEpoch = 116_444_736_000_000_000;

    public static FileFacts? Read(string path) => Read(path, withFolders: false);

    public static FileFacts? ReadEntry(string path) => Read(path, withFolders: true);

    public static string? OpenFolderAbove(string path)
    {
        var rights = AccessList.AddBeside;
        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            // A link in between is followed: what counts is where the file is in the end.
            using var handle = Open(folder, followLinks: true);
            if (handle.IsInvalid || AccessList.GivesStrangers(handle, rights)) return folder;
            // Further up a new file harms nobody, and the root of a drive lets everybody make folders.
            rights = AccessList.Replace;
        }

        return null;
    }

    /// <summary>FILE_ATTRIBUTE_…; null: they cannot be read.</summary>
    public static uint? AttributesOf(SafeFileHandle handle)
    {
        Kernel32.BasicInfo basic = default;
        return Kernel32.GetFileInformationByHandleEx(handle, Kernel32.FileBasicInfo, &basic, (uint)sizeof(Kernel32.BasicInfo)) ? basic.Attributes : null;
    }

    private static FileFacts? Read(string path, bool withFolders)
    {
        using var handle = Open(path, followLinks: false);
        if (handle.IsInvalid) return null;
        Kernel32.BasicInfo basic = default;
        Kernel32.StandardInfo standard = default;
        Kernel32.IdInfo id = default;
        if (!Kernel32.GetFileInformationByHandleEx(handle, Kernel32.FileBasicInfo, &basic, (uint)sizeof(Kernel32.BasicInfo))
            || !Kernel32.GetFileInformationByHandleEx(handle, Kernel32.FileStandardInfo, &standard, (uint)sizeof(Kernel32.StandardInfo))
            || !Kernel32.GetFileInformationByHandleEx(handle, Kernel32.FileIdInfo, &id, (uint)sizeof(Kernel32.IdInfo)))
            return null;
        if ((basic.Attributes & Kernel32.FILE_ATTRIBUTE_REPARSE_POINT) != 0) return null;
        if ((basic.Attributes & Kernel32.FILE_ATTRIBUTE_DIRECTORY) != 0 && !withFolders) return null;
        // NTFS uses the lower half; ReFS all of it.
        return new(standard.EndOfFile, id.Volume, id.Low ^ id.High, (basic.ChangeTime - UnixEpoch) * 100, AccessList.GivesStrangers(handle, AccessList.Change));
    }

    private static SafeFileHandle Open(string path, bool followLinks) => Kernel32.CreateFile(
        path,
        Kernel32.FILE_READ_ATTRIBUTES | Kernel32.READ_CONTROL,
        Shared,
        null,
        Kernel32.OPEN_EXISTING,
        Kernel32.FILE_FLAG_BACKUP_SEMANTICS | (followLinks ? 0 : Kernel32.FILE_FLAG_OPEN_REPARSE_POINT),
        0);
}
