using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

internal static unsafe partial class Kernel32
{
    public const uint PIPE_ACCESS_INBOUND = 1;
    public const uint PIPE_ACCESS_OUTBOUND = 2;
    public const uint PIPE_ACCESS_DUPLEX = 3;
    public const uint FILE_FLAG_FIRST_PIPE_INSTANCE = 0x00080000;
    public const uint PIPE_REJECT_REMOTE_CLIENTS = 8;
    public const uint PIPE_UNLIMITED_INSTANCES = 255;
    public const int FILE_TYPE_PIPE = 3;

    [LibraryImport(Library, EntryPoint = "CreateNamedPipeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle CreateNamedPipe(
        string name, uint access, uint mode, uint instances, uint outBytes, uint inBytes, uint timeout, SecurityAttributes* security);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ConnectNamedPipe(SafeHandle pipe, Overlapped* overlapped);

    [LibraryImport(Library, EntryPoint = "WaitNamedPipeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WaitNamedPipe(string name, uint milliseconds);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetNamedPipeClientProcessId(SafeHandle pipe, out int pid);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetNamedPipeServerProcessId(SafeHandle pipe, out int pid);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ReadFile(SafeHandle file, byte* into, uint length, uint* read, Overlapped* overlapped);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetOverlappedResult(SafeHandle file, Overlapped* overlapped, out uint bytes, [MarshalAs(UnmanagedType.Bool)] bool wait);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CancelIoEx(SafeHandle file, Overlapped* overlapped);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int GetFileType(SafeHandle file);
}
