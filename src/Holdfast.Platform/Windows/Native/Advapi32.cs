using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

/// <summary>advapi32.dll: who somebody is, and what they may do.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Advapi32
{
    private const string Library = "advapi32";

    public const int SE_FILE_OBJECT = 1;
    public const int SE_KERNEL_OBJECT = 6;
    public const uint OWNER_SECURITY_INFORMATION = 1;
    public const uint DACL_SECURITY_INFORMATION = 4;
    public const uint PROTECTED_DACL_SECURITY_INFORMATION = 0x80000000;
    public const uint SDDL_REVISION_1 = 1;
    public const uint TOKEN_QUERY = 8;
    public const uint TOKEN_ADJUST_PRIVILEGES = 0x20;
    public const uint SE_PRIVILEGE_ENABLED = 2;
    public const int TokenUser = 1;
    public const int TokenGroups = 2;

    [LibraryImport(Library, EntryPoint = "ConvertStringSecurityDescriptorToSecurityDescriptorW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ConvertStringSecurityDescriptor(string text, uint revision, out nint descriptor, out uint length);

    [LibraryImport(Library)]
    public static partial uint GetSecurityInfo(SafeHandle handle, int kind, uint what, nint* owner, nint* group, nint* dacl, nint* sacl, out nint descriptor);

    [LibraryImport(Library)]
    public static partial uint SetSecurityInfo(SafeHandle handle, int kind, uint what, nint owner, nint group, nint dacl, nint sacl);

    [LibraryImport(Library)]
    public static partial uint GetSecurityDescriptorLength(nint descriptor);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetSecurityDescriptorDacl(nint descriptor, [MarshalAs(UnmanagedType.Bool)] out bool present, out nint dacl, [MarshalAs(UnmanagedType.Bool)] out bool byDefault);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetSecurityDescriptorOwner(nint descriptor, out nint owner, [MarshalAs(UnmanagedType.Bool)] out bool byDefault);

    [LibraryImport(Library, EntryPoint = "LookupPrivilegeValueW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool LookupPrivilegeValue(string? system, string name, out ulong id);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool AdjustTokenPrivileges(SafeAccessTokenHandle token, [MarshalAs(UnmanagedType.Bool)] bool disableAll, OnePrivilege* wanted, uint length, OnePrivilege* before, out uint needed);

    [LibraryImport(Library, EntryPoint = "LookupAccountNameW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool LookupAccountName(string? system, string name, byte* sid, ref uint sidLength, char* domain, ref uint domainLength, out int kind);

    [LibraryImport(Library, EntryPoint = "LookupAccountSidW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool LookupAccountSid(string? system, byte* sid, char* name, ref uint nameLength, char* domain, ref uint domainLength, out int kind);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool OpenProcessToken(nint process, uint access, out SafeAccessTokenHandle token);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool OpenThreadToken(nint thread, uint access, [MarshalAs(UnmanagedType.Bool)] bool asProcess, out SafeAccessTokenHandle token);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetTokenInformation(SafeAccessTokenHandle token, int kind, byte* into, uint length, out uint needed);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ImpersonateNamedPipeClient(SafeHandle pipe);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool RevertToSelf();

    /// <summary>TOKEN_PRIVILEGES with one LUID_AND_ATTRIBUTES.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct OnePrivilege
    {
        public uint Count;
        public ulong Id;
        public uint Attributes;
    }

    /// <summary>SID_AND_ATTRIBUTES; TOKEN_USER is one of them.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SidAndAttributes
    {
        public nint Sid;
        public uint Attributes;
    }

    /// <summary>SE_GROUP_ENABLED: the group counts when access is granted.</summary>
    public const uint SE_GROUP_ENABLED = 4;
}
