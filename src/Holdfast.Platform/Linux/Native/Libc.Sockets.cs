using System.Runtime.InteropServices;

namespace Holdfast.Platform.Linux.Native;

internal static partial class Libc
{
    public const int AF_INET = 2;
    public const int SOCK_STREAM = 1;
    public const int SOCK_NONBLOCK = 0x800;
    public const int SOCK_CLOEXEC = 0x80000;

    public const int SOL_SOCKET = 1;
    public const int SO_ERROR = 4;
    public const int SO_LINGER = 13;

    public const int MSG_NOSIGNAL = 0x4000;

    [LibraryImport(Name, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int kind, int protocol);

    [LibraryImport(Name, EntryPoint = "connect", SetLastError = true)]
    public static unsafe partial int Connect(SafeHandle socket, byte* address, uint length);

    [LibraryImport(Name, EntryPoint = "send", SetLastError = true)]
    public static unsafe partial nint Send(SafeHandle socket, byte* bytes, nuint count, int flags);

    [LibraryImport(Name, EntryPoint = "setsockopt", SetLastError = true)]
    public static unsafe partial int SetOption(SafeHandle socket, int level, int option, void* value, uint length);

    [LibraryImport(Name, EntryPoint = "getsockopt", SetLastError = true)]
    public static unsafe partial int GetOption(SafeHandle socket, int level, int option, void* value, uint* length);
}
