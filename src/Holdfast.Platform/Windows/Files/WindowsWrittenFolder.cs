using System.Runtime.Versioning;
using Holdfast.Core.Sources;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Files;

/// <summary>
/// Win32 opens nothing relative to an open folder. So each file is asked where it is after it was opened: one that is not under its folder was reached through a folder that was exchanged.
/// Everything is shared with everybody, deletion included: rotation goes on while a file is read.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsWrittenFolder(string path, string real) : WrittenFolder
{
    private const uint Shared = Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE;
    private const int LongestPath = 32 << 10;

    public static WindowsWrittenFolder? OpenRoot(string path)
    {
        using var handle = Open(path, Kernel32.FILE_READ_ATTRIBUTES, followLinks: true);
        if (handle is null || Look(handle) is not { Kind: WrittenKind.Folder }) return null;
        return RealPath(handle) is { } real ? new(path, real) : null;
    }

    /// <summary>Its name is taken until the last who has it open lets go of it.</summary>
    public static bool IsDeletePending(SafeFileHandle handle)
    {
        Kernel32.StandardInfo standard = default;
        return Kernel32.GetFileInformationByHandleEx(handle, Kernel32.FileStandardInfo, &standard, (uint)sizeof(Kernel32.StandardInfo)) && standard.DeletePending != 0;
    }

    public override IEnumerable<string> Names() => Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!);

    public override WrittenEntry? Look(string name)
    {
        try
        {
            using var handle = Open(Path.Combine(path, name), Kernel32.FILE_READ_ATTRIBUTES, followLinks: false);
            return handle is null ? null : Look(handle);
        }
        catch (UnauthorizedAccessException)
        {
            // One that is being deleted answers so as well: what matters is told when it is opened.
            return null;
        }
    }

    public override WrittenFolder? Enter(string name)
    {
        using var handle = Open(Path.Combine(path, name), Kernel32.FILE_READ_ATTRIBUTES, followLinks: false);
        return handle is not null && Look(handle) is { Kind: WrittenKind.Folder } && IsHere(handle) && RealPath(handle) is { } inside ? new WindowsWrittenFolder(Path.Combine(path, name), inside) : null;
    }

    public override WrittenFile? OpenFile(string name)
    {
        var handle = Open(Path.Combine(path, name), Kernel32.GENERIC_READ, followLinks: false);
        if (handle is null) return null;
        if (Look(handle) is { Kind: WrittenKind.File } entry && IsHere(handle)) return new(handle, entry.Identity);
        handle.Dispose();
        return null;
    }

    public override void Dispose()
    {
        // Nothing is held: a folder that is held open cannot be renamed.
    }

    private bool IsHere(SafeFileHandle handle) => RealPath(handle) is { } at && string.Equals(Path.GetDirectoryName(at), real.TrimEnd('\\'), StringComparison.OrdinalIgnoreCase);

    private static WrittenEntry? Look(SafeFileHandle handle)
    {
        Kernel32.BasicInfo basic = default;
        Kernel32.StandardInfo standard = default;
        Kernel32.IdInfo id = default;
        if (!Kernel32.GetFileInformationByHandleEx(handle, Kernel32.FileBasicInfo, &basic, (uint)sizeof(Kernel32.BasicInfo))
            || !Kernel32.GetFileInformationByHandleEx(handle, Kernel32.FileStandardInfo, &standard, (uint)sizeof(Kernel32.StandardInfo))
            || !Kernel32.GetFileInformationByHandleEx(handle, Kernel32.FileIdInfo, &id, (uint)sizeof(Kernel32.IdInfo)))
            return null;
        var kind = (basic.Attributes & Kernel32.FILE_ATTRIBUTE_REPARSE_POINT) != 0 ? WrittenKind.Link
            : (basic.Attributes & Kernel32.FILE_ATTRIBUTE_DIRECTORY) != 0 ? WrittenKind.Folder : WrittenKind.File;
        // NTFS uses the lower half; ReFS all of it.
        return new(kind, new(id.Volume, id.Low ^ id.High), standard.EndOfFile, basic.ChangeTime);
    }

    private static string? RealPath(SafeFileHandle handle)
    {
        var text = new char[LongestPath];
        fixed (char* at = text)
        {
            var length = Kernel32.GetFinalPathNameByHandle(handle, at, (uint)text.Length, 0);
            return length == 0 || length > text.Length ? null : new string(text, 0, (int)length);
        }
    }

    /// <summary>Null: there is nothing of that name.</summary>
    private static SafeFileHandle? Open(string path, uint access, bool followLinks)
    {
        var handle = Kernel32.CreateFile(path, access, Shared, null, Kernel32.OPEN_EXISTING, Kernel32.FILE_FLAG_BACKUP_SEMANTICS | (followLinks ? 0 : Kernel32.FILE_FLAG_OPEN_REPARSE_POINT), 0);
        if (!handle.IsInvalid) return handle;
        var error = Win32Error.Last;
        handle.Dispose();
        if (error is Win32Error.FILE_NOT_FOUND or Win32Error.PATH_NOT_FOUND or Win32Error.DIRECTORY) return null;
        var why = $"{path} cannot be opened: {Win32Error.Describe(error)}";
        throw error == Win32Error.ACCESS_DENIED ? new UnauthorizedAccessException(why) : Win32Error.Failure(why, error);
    }
}
