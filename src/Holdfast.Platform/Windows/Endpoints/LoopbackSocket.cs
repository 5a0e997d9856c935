using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Endpoints;

/// <summary>
/// A socket that raises an event when something can be done with it. Winsock tells each thing once and again after a call has found nothing
/// to do: so every call first takes what was told, which lowers the event, and then tries.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class LoopbackSocket : LoopbackConnection
{
    /// <summary>struct sockaddr_in</summary>
    private const int AddressBytes = 16;

    private readonly SocketHandle socket;
    private readonly SafeWaitHandle signal;

    /// <summary>What connecting has said, until it is told.</summary>
    private int failure;
    private bool connected;

    private LoopbackSocket(SocketHandle socket, SafeWaitHandle signal) => (this.socket, this.signal) = (socket, signal);

    public override SafeHandle Handle => signal;

    public static new LoopbackSocket Begin(int port)
    {
        var socket = Winsock.WSASocket(Winsock.AF_INET, Winsock.SOCK_STREAM, Winsock.IPPROTO_TCP, 0, 0, Winsock.WSA_FLAG_OVERLAPPED | Winsock.WSA_FLAG_NO_HANDLE_INHERIT);
        if (socket.IsInvalid) throw Win32Error.Failure("make a socket");
        var signal = Kernel32.CreateEvent(null, true, false, 0);
        var connection = new LoopbackSocket(socket, signal);
        // From here on no call waits.
        if (signal.IsInvalid || Winsock.WSAEventSelect(socket, signal, Winsock.FD_CONNECT | Winsock.FD_READ | Winsock.FD_WRITE | Winsock.FD_CLOSE) != 0)
        {
            var error = Win32Error.Last;
            connection.Dispose();
            throw Win32Error.Failure("wait for a socket", error);
        }

        // On, for 0 seconds: closing resets the connection.
        var linger = stackalloc ushort[] { 1, 0 };
        _ = Winsock.SetOption(socket, Winsock.SOL_SOCKET, Winsock.SO_LINGER, linger, 2 * sizeof(ushort));
        var address = stackalloc byte[AddressBytes];
        new Span<byte>(address, AddressBytes).Clear();
        *(ushort*)address = Winsock.AF_INET;
        BinaryPrimitives.WriteUInt16BigEndian(new(address + 2, 2), (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(new(address + 4, 4), 0x7f000001);
        if (Winsock.Connect(socket, address, AddressBytes) == 0) connection.connected = true;
        else if (Win32Error.Last is var error && error != Winsock.WSAEWOULDBLOCK) connection.failure = error;
        return connection;
    }

    public override SocketStep Finish()
    {
        Take();
        if (failure != 0) return Told(failure);
        return connected ? new(SocketState.Done) : new(SocketState.Waiting);
    }

    public override SocketStep Send(ReadOnlySpan<byte> bytes)
    {
        if (Finish() is { State: not SocketState.Done } not) return not;
        fixed (byte* from = bytes) return Of(Winsock.Send(socket, from, bytes.Length, 0));
    }

    public override SocketStep Read(Span<byte> into)
    {
        if (Finish() is { State: not SocketState.Done } not) return not;
        fixed (byte* to = into) return Of(Winsock.Receive(socket, to, into.Length, 0));
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        socket.Dispose();
        signal.Dispose();
    }

    private static SocketStep Of(int returned) => returned >= 0 ? new(SocketState.Done, returned) : Told(Win32Error.Last);

    private static SocketStep Told(int error) => error switch
    {
        Winsock.WSAEWOULDBLOCK => new(SocketState.Waiting),
        Winsock.WSAECONNREFUSED => new(SocketState.Refused),
        _ => new(SocketState.Failed, 0, Win32Error.Describe(error)),
    };

    private void Take()
    {
        Winsock.NetworkEvents told = default;
        if (Winsock.WSAEnumNetworkEvents(socket, signal, &told) != 0)
        {
            if (failure == 0) failure = Win32Error.Last;
            return;
        }

        if (connected || (told.Events & Winsock.FD_CONNECT) == 0) return;
        failure = told.Errors[Winsock.FD_CONNECT_BIT];
        connected = failure == 0;
    }
}
