using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

internal static unsafe partial class Kernel32
{
    public const uint FILE_READ_DATA = 1;
    public const uint FILE_EXECUTE = 0x20;
    public const uint GENERIC_READ = 0x80000000;
    public const uint GENERIC_WRITE = 0x40000000;
    public const uint GENERIC_EXECUTE = 0x20000000;
    public const uint GENERIC_ALL = 0x10000000;
    public const uint DELETE = 0x10000;
    public const uint READ_CONTROL = 0x20000;
    public const uint WRITE_DAC = 0x40000;
    public const uint WRITE_OWNER = 0x80000;
    public const uint SYNCHRONIZE = 0x100000;
    public const uint FILE_WRITE_DATA = 2;
    public const uint FILE_APPEND_DATA = 4;
    public const uint FILE_DELETE_CHILD = 0x40;
    public const uint FILE_READ_ATTRIBUTES = 0x80;
    public const uint FILE_WRITE_ATTRIBUTES = 0x100;

    public const uint FILE_SHARE_READ = 1;
    public const uint FILE_SHARE_WRITE = 2;
    public const uint FILE_SHARE_DELETE = 4;

    public const uint CREATE_NEW = 1;
    public const uint OPEN_EXISTING = 3;
    public const uint OPEN_ALWAYS = 4;

    public const uint FILE_FLAG_OVERLAPPED = 0x40000000;
    public const uint FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
    public const uint FILE_FLAG_OPEN_REPARSE_POINT = 0x00200000;
    public const uint SECURITY_SQOS_PRESENT = 0x00100000;
    public const uint SECURITY_IDENTIFICATION = 0x00010000;

    public const uint FILE_ATTRIBUTE_DIRECTORY = 0x10;
    public const uint FILE_ATTRIBUTE_REPARSE_POINT = 0x400;

    public const int FileBasicInfo = 0;
    public const int FileStandardInfo = 1;
    public const int FileIdInfo = 18;

    public const uint LOCKFILE_FAIL_IMMEDIATELY = 1;
    public const uint LOCKFILE_EXCLUSIVE_LOCK = 2;

    public const uint MOVEFILE_REPLACE_EXISTING = 1;
    public const uint MOVEFILE_WRITE_THROUGH = 8;

    [LibraryImport(Library, EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle CreateFile(string path, uint access, uint share, SecurityAttributes* security, uint disposition, uint flags, nint template);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WriteFile(SafeFileHandle file, byte* from, uint length, out uint written, Overlapped* overlapped);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool FlushFileBuffers(SafeFileHandle file);

    /// <summary>Where the volume of a path begins: a drive, or a folder that one is mounted in.</summary>
    [LibraryImport(Library, EntryPoint = "GetVolumePathNameW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetVolumePathName(string path, char* root, uint length);

    [LibraryImport(Library, EntryPoint = "GetVolumeInformationW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetVolumeInformation(string root, char* name, uint nameLength, uint* serial, uint* longestName, uint* flags, char* fileSystem, uint fileSystemLength);

    [LibraryImport(Library, EntryPoint = "GetDriveTypeW", StringMarshalling = StringMarshalling.Utf16)]
    public static partial uint GetDriveType(string root);

    public const uint DRIVE_REMOTE = 4;

    [LibraryImport(Library, EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool MoveFileEx(string from, string to, uint flags);

    [LibraryImport(Library, EntryPoint = "DeleteFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DeleteFile(string path);

    [LibraryImport(Library, EntryPoint = "CreateDirectoryW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CreateDirectory(string path, SecurityAttributes* security);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool LockFileEx(SafeFileHandle file, uint flags, uint reserved, uint lengthLow, uint lengthHigh, Overlapped* where);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetFileInformationByHandleEx(SafeFileHandle file, int kind, void* into, uint length);

    /// <summary>Where an open file is, through no link.</summary>
    /// <returns>Characters without the last zero; or how many it needs, with it; 0: it cannot be said.</returns>
    [LibraryImport(Library, EntryPoint = "GetFinalPathNameByHandleW", SetLastError = true)]
    public static partial uint GetFinalPathNameByHandle(SafeFileHandle file, char* path, uint length, uint flags);

    /// <summary>SECURITY_ATTRIBUTES</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SecurityAttributes
    {
        public uint Length;
        public nint Descriptor;
        public int Inherit;
    }

    /// <summary>OVERLAPPED</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Overlapped
    {
        public nuint Internal;
        public nuint InternalHigh;
        public uint Offset;
        public uint OffsetHigh;
        public nint Event;
    }

    /// <summary>FILE_BASIC_INFO: times in units of 100 ns since 1601.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct BasicInfo
    {
        public long CreationTime;
        public long LastAccessTime;
        public long LastWriteTime;
        public long ChangeTime;
        public uint Attributes;
    }

    /// <summary>FILE_STANDARD_INFO</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StandardInfo
    {
        public long AllocationSize;
        public long EndOfFile;
        public uint Links;
        public byte DeletePending;
        public byte Directory;
    }

    /// <summary>FILE_ID_INFO</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IdInfo
    {
        public ulong Volume;
        public ulong Low;
        public ulong High;
    }
}
