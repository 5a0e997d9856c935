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

        return Set(folder, new(mode, owner));
    }

    public static Outcome<Done> Set(string path, FileRights rights) => Set(path, rights, owns: false);

    /// <summary>As the other; an owner who is neither trusted nor the one that is meant is put out, since he could change the list at any time.</summary>
    public static Outcome<Done> OwnAndSet(string path, FileRights rights)
    {
        var keeper = KeeperOf(rights);
        if (AccessList.Of(path)?.Owner?.Value is not { } owner || owner == keeper || Sids.IsTrusted(owner)) return Set(path, rights, owns: false);
        // With it an administrator opens what he has no right on, and gives it to somebody else; an account without it fails at that.
        using var held = Privilege.Hold(Privilege.Restore);
        return Set(path, rights, owns: true);
    }

    private static Outcome<Done> Set(string path, FileRights rights, bool owns)
    {
        var access = Kernel32.READ_CONTROL | Kernel32.WRITE_DAC | Kernel32.FILE_READ_ATTRIBUTES | (owns ? Kernel32.WRITE_OWNER : 0);
        const uint share = Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE;
        using var handle = Kernel32.CreateFile(path, access, share, null, Kernel32.OPEN_EXISTING, Kernel32.FILE_FLAG_BACKUP_SEMANTICS | Kernel32.FILE_FLAG_OPEN_REPARSE_POINT, 0);
        if (handle.IsInvalid) return Failed(path, Win32Error.Last);
        if (WindowsFileFacts.AttributesOf(handle) is not { } attributes) return Failed(path, Win32Error.Last);
        if ((attributes & Kernel32.FILE_ATTRIBUTE_REPARSE_POINT) != 0)
            return new Problem(ProblemKind.Refused, "rights.link", $"{path} is a symbolic link.") { Why = "the rights of what it points to are not ours to change" };
        var list = AccessText.Of(rights.Mode, (attributes & Kernel32.FILE_ATTRIBUTE_DIRECTORY) != 0, KeeperOf(rights), rights.Owner?.GroupSid, rights.Named);
        return Apply(path, handle, owns ? $"O:{KeeperOf(rights)}{list}" : list, owns);
    }

    private static string KeeperOf(FileRights rights) => rights.Owner?.Sid ?? Sids.Keeper;

    private static Outcome<Done> Apply(string path, SafeFileHandle handle, string text, bool owns)
    {
        using var descriptor = new SecurityDescriptor(text);
        var what = Advapi32.DACL_SECURITY_INFORMATION | Advapi32.PROTECTED_DACL_SECURITY_INFORMATION | (owns ? Advapi32.OWNER_SECURITY_INFORMATION : 0);
        var error = Advapi32.SetSecurityInfo(handle, Advapi32.SE_FILE_OBJECT, what, owns ? descriptor.Owner : 0, 0, descriptor.Dacl, 0);
        return error == 0 ? Outcome.Done : Failed(path, (int)error);
    }

    private static Problem Failed(string path, int error) =>
        new(ProblemKind.Failed, "rights.set-failed", $"Cannot set the rights of {path}: {Win32Error.Describe(error)}.");
}
