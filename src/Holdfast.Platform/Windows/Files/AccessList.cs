using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Files;

/// <summary>
/// Whether a stranger has rights on a file or folder: anybody but the system, its administrators and our own account. Under an account that was given
/// to a service, its own is one too (<see cref="DistrustOwn"/>): it is not to change what it runs.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class AccessList
{
    /// <summary>To change a file, or who may change it.</summary>
    public const uint Change = Kernel32.FILE_WRITE_DATA | Kernel32.FILE_APPEND_DATA | Own;

    /// <summary>To replace what is in a folder, or the folder; or to change who may.</summary>
    public const uint Replace = Kernel32.FILE_DELETE_CHILD | Own;

    /// <summary>To put a file beside another: a program loads what lies beside it.</summary>
    public const uint AddBeside = Replace | Kernel32.FILE_WRITE_DATA;

    private const uint Own = Kernel32.DELETE | Kernel32.WRITE_DAC | Kernel32.WRITE_OWNER | Kernel32.GENERIC_WRITE | Kernel32.GENERIC_ALL;

    /// <summary>From now on what this process's own account may write counts as open, unless it is an administrator's.</summary>
    public static bool DistrustOwn { get; set; }

    /// <summary>True also where it cannot be read: what is not known is not trusted.</summary>
    /// <param name="rights">Any of these bits is enough.</param>
    public static bool GivesStrangers(SafeFileHandle handle, uint rights) =>
        Read(handle, Advapi32.SE_FILE_OBJECT, Advapi32.OWNER_SECURITY_INFORMATION | Advapi32.DACL_SECURITY_INFORMATION) is not { } descriptor || GivesStrangers(descriptor, rights);

    /// <summary>Whether a kernel object belongs to the system, its administrators or our own account.</summary>
    public static bool IsOfTrusted(SafeHandle handle) => OwnerOf(handle) is { } owner && Sids.IsTrusted(owner);

    /// <summary>SID of the owner of a kernel object: its maker, or Administrators where that is one. Null: it cannot be read.</summary>
    public static string? OwnerOf(SafeHandle handle) =>
        Read(handle, Advapi32.SE_KERNEL_OBJECT, Advapi32.OWNER_SECURITY_INFORMATION)?.Owner?.Value;

    /// <summary>Entries that deny are not looked at: a list is judged by what it gives.</summary>
    public static bool GivesStrangers(RawSecurityDescriptor descriptor, uint rights) =>
        GivesOthers(descriptor, rights, DistrustOwn && !Sids.OwnIsAdministrator ? sid => sid != Sids.Own && Sids.IsTrusted(sid) : Sids.IsTrusted);

    /// <param name="isTrusted">By SID.</param>
    public static bool GivesOthers(RawSecurityDescriptor descriptor, uint rights, Func<string, bool> isTrusted)
    {
        // An owner may change the list at any time, whatever it says now; and no list at all gives everything to everybody.
        if (descriptor.Owner is not { } owner || !isTrusted(owner.Value) || descriptor.DiscretionaryAcl is not { } list) return true;
        foreach (var entry in list)
        {
            if (entry is not QualifiedAce { AceQualifier: AceQualifier.AccessAllowed } allowed) continue;
            if ((allowed.AceFlags & AceFlags.InheritOnly) == 0 && ((uint)allowed.AccessMask & rights) != 0 && !isTrusted(allowed.SecurityIdentifier.Value)) return true;
        }

        return false;
    }

    /// <summary>Owner and list of a file or folder; null: it is not there, is a link, or may not be asked.</summary>
    public static RawSecurityDescriptor? Of(string path)
    {
        const uint share = Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE;
        const uint how = Kernel32.FILE_FLAG_BACKUP_SEMANTICS | Kernel32.FILE_FLAG_OPEN_REPARSE_POINT;
        using var handle = Kernel32.CreateFile(path, Kernel32.FILE_READ_ATTRIBUTES | Kernel32.READ_CONTROL, share, null, Kernel32.OPEN_EXISTING, how, 0);
        if (handle.IsInvalid || WindowsFileFacts.AttributesOf(handle) is not { } attributes || (attributes & Kernel32.FILE_ATTRIBUTE_REPARSE_POINT) != 0) return null;
        return Read(handle, Advapi32.SE_FILE_OBJECT, Advapi32.OWNER_SECURITY_INFORMATION | Advapi32.DACL_SECURITY_INFORMATION);
    }

    private static RawSecurityDescriptor? Read(SafeHandle handle, int kind, uint what)
    {
        if (Advapi32.GetSecurityInfo(handle, kind, what, null, null, null, null, out var memory) != 0) return null;
        try
        {
            var bytes = new byte[Advapi32.GetSecurityDescriptorLength(memory)];
            Marshal.Copy(memory, bytes, 0, bytes.Length);
            return new(bytes, 0);
        }
        finally
        {
            Kernel32.LocalFree(memory);
        }
    }
}
