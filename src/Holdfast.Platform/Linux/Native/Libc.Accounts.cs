using System.Runtime.InteropServices;

namespace Holdfast.Platform.Linux.Native;

internal static partial class Libc
{
    /// <summary>struct passwd</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct UserEntry
    {
        public nint Name;
        public nint Password;
        public uint UserId;
        public uint GroupId;
        public nint Comment;
        public nint Home;
        public nint Shell;
    }

    /// <summary>struct group</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct GroupEntry
    {
        public nint Name;
        public nint Password;
        public uint GroupId;
        public nint Members;
    }

    [LibraryImport(Name, EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int GetUser(string name, UserEntry* entry, byte* buffer, nuint size, out nint found);

    [LibraryImport(Name, EntryPoint = "getpwuid_r")]
    public static unsafe partial int GetUser(uint userId, UserEntry* entry, byte* buffer, nuint size, out nint found);

    [LibraryImport(Name, EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int GetGroup(string name, GroupEntry* entry, byte* buffer, nuint size, out nint found);

    [LibraryImport(Name, EntryPoint = "getgrgid_r")]
    public static unsafe partial int GetGroup(uint group, GroupEntry* entry, byte* buffer, nuint size, out nint found);

    [LibraryImport(Name, EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int GetGroupsOf(string user, uint primary, uint* groups, ref int count);

    [LibraryImport(Name, EntryPoint = "getgroups", SetLastError = true)]
    public static unsafe partial int GetOwnGroups(int capacity, uint* groups);

    [LibraryImport(Name, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport(Name, EntryPoint = "getegid")]
    public static partial uint EffectiveGroup();
}
