using System.Runtime.InteropServices;

namespace Holdfast.Platform.Windows.Native;

/// <summary>The local security policy: which account may log on how.</summary>
internal static unsafe partial class Advapi32
{
    public const uint POLICY_LOOKUP_NAMES = 0x800;
    public const uint POLICY_CREATE_ACCOUNT = 0x10;

    [LibraryImport(Library)]
    public static partial int LsaOpenPolicy(LsaText* system, LsaAttributes* attributes, uint access, out nint policy);

    [LibraryImport(Library)]
    public static partial int LsaAddAccountRights(nint policy, byte* sid, LsaText* rights, uint count);

    [LibraryImport(Library)]
    public static partial int LsaClose(nint policy);

    [LibraryImport(Library)]
    public static partial uint LsaNtStatusToWinError(int status);

    /// <summary>LSA_UNICODE_STRING: lengths in bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LsaText
    {
        public ushort Length;
        public ushort Room;
        public char* Text;
    }

    /// <summary>LSA_OBJECT_ATTRIBUTES: nothing of it is used, but its length.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LsaAttributes
    {
        public uint Length;
        public nint Root;
        public nint Name;
        public uint Attributes;
        public nint Descriptor;
        public nint Quality;
    }
}
