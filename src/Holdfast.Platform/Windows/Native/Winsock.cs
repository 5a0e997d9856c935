using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Windows.Native;

/// <summary>ws2_32.dll, for the one kind of socket that nobody waits in.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Winsock
{
    private const string Library = "ws2_32";

    public const int AF_INET = 2;
    public const int SOCK_STREAM = 1;
    public const int IPPROTO_TCP = 6;
    public const uint WSA_FLAG_OVERLAPPED = 1;
    public const uint WSA_FLAG_NO_HANDLE_INHERIT = 0x80;
    public const int SOL_SOCKET = 0xffff;
    public const int SO_LINGER = 0x80;

    public const int FD_READ = 1;
    public const int FD_WRITE = 2;
    public const int FD_CONNECT = 0x10;
    public const int FD_CLOSE = 0x20;
    public const int FD_CONNECT_BIT = 4;

    public const int WSAEWOULDBLOCK = 10035;
    public const int WSAECONNREFUSED = 10061;

    private const int DataBytes = 512;
    private const ushort Version = 0x0202;

    static Winsock()
    {
        // WSADATA is written there; it is for programs of another century.
        var data = stackalloc byte[DataBytes];
        _ = WSAStartup(Version, data);
    }

    [LibraryImport(Library, EntryPoint = "WSASocketW", SetLastError = true)]
    public static partial SocketHandle WSASocket(int family, int kind, int protocol, nint info, uint group, uint flags);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(SocketHandle socket, byte* address, int length);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial int Send(SocketHandle socket, byte* from, int length, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial int Receive(SocketHandle socket, byte* into, int length, int flags);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SocketHandle socket, int level, int name, void* value, int length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int WSAEventSelect(SocketHandle socket, SafeHandle signal, int events);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int WSAEnumNetworkEvents(SocketHandle socket, SafeHandle signal, NetworkEvents* events);

    [LibraryImport(Library, EntryPoint = "closesocket")]
    public static partial int Close(nint socket);

    [LibraryImport(Library)]
    private static partial int WSAStartup(ushort version, byte* data);

    /// <summary>WSANETWORKEVENTS</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NetworkEvents
    {
        public int Events;
        public fixed int Errors[10];
    }
}
