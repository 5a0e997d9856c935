using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Files;

[SupportedOSPlatform("windows")]
internal static unsafe class WindowsRights
{
    public static Outcome<Done> Ensure(string folder, UnixFileMode mode, Account? owner)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(folder)) is { Length: > 0 } parent) Directory.CreateDirectory(parent);
            // Never wider than meant, not even for a moment: it is born with its list.
            using var descriptor = new SecurityDescriptor(AccessText.Of(mode, folder: true, owner?.Sid ?? Sids.Keeper, owner?.GroupSid));
            var attributes = descriptor.Attributes;
            if (!Directory.Exists(folder) && !Kernel32.CreateDirectory(folder, &attributes) && !Directory.Exists(folder))
                return new Problem(ProblemKind.Failed, "folder.create-failed", $"Cannot make the folder {folder}: {Win32Error.Describe(Win32Error.Last)}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Failed, "folder.create-failed", $"Cannot make the folder {folder}: {failure.Message}");
        }

        return Set(folder, mode, owner);
    }

    public static Outcome<Done> Set(string path, UnixFileMode mode, Account? owner)
    {
        const uint access = Kernel32.READ_CONTROL | Kernel32.WRITE_DAC | Kernel32.FILE_READ_ATTRIBUTES;
        const uint share = Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE;
        using var handle = Kernel32.CreateFile(path, access, share, null, Kernel32.OPEN_EXISTING, Kernel32.FILE_FLAG_BACKUP_SEMANTICS | Kernel32.FILE_FLAG_OPEN_REPARSE_POINT, 0);
        if (handle.IsInvalid) return Failed(path, Win32Error.Last);
        if (WindowsFileFacts.AttributesOf(handle) is not { } attributes) return Failed(path, Win32Error.Last);
        if ((attributes & Kernel32.FILE_ATTRIBUTE_REPARSE_POINT) != 0)
            return new Problem(ProblemKind.Refused, "rights.link", $"{path} is a symbolic link.") { Why = "the rights of what it points to are not ours to change" };
        return Apply(path, handle, AccessText.Of(mode, (attributes & Kernel32.FILE_ATTRIBUTE_DIRECTORY) != 0, owner?.Sid ?? Sids.Keeper, owner?.GroupSid));
    }

    private static Outcome<Done> Apply(string path, SafeFileHandle handle, string text)
    {
        using var descriptor = new SecurityDescriptor(text);
        var error = Advapi32.SetSecurityInfo(
            handle, Advapi32.SE_FILE_OBJECT, Advapi32.DACL_SECURITY_INFORMATION | Advapi32.PROTECTED_DACL_SECURITY_INFORMATION, 0, 0, descriptor.Dacl, 0);
        return error == 0 ? Outcome.Done : Failed(path, (int)error);
    }

    private static Problem Failed(string path, int error) =>
        new(ProblemKind.Failed, "rights.set-failed", $"Cannot set the rights of {path}: {Win32Error.Describe(error)}.");
}
