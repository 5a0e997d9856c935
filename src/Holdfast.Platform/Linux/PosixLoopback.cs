using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>On loopback the kernel connects within the call, or says with the next one why not: usually nothing is waited for but the answer.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PosixLoopback : LoopbackConnection
{
    /// <summary>struct sockaddr_in</summary>
    private const int AddressBytes = 16;

    private readonly SafeFileHandle handle;

    /// <summary>What connect(2) has said, until it is told.</summary>
    private int failure;

    private PosixLoopback(SafeFileHandle handle) => this.handle = handle;

    public override SafeHandle Handle => handle;

    public static new PosixLoopback Begin(int port)
    {
        var handle = Descriptor.Own(Libc.Socket(Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), "socket");
        // On, for 0 seconds: closing resets the connection.
        var linger = stackalloc int[] { 1, 0 };
        _ = Libc.SetOption(handle, Libc.SOL_SOCKET, Libc.SO_LINGER, linger, 2 * sizeof(int));
        var address = stackalloc byte[AddressBytes];
        new Span<byte>(address, AddressBytes).Clear();
        *(ushort*)address = Libc.AF_INET;
        BinaryPrimitives.WriteUInt16BigEndian(new(address + 2, 2), (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(new(address + 4, 4), 0x7f000001);
        var connection = new PosixLoopback(handle);
        if (Libc.Connect(handle, address, AddressBytes) < 0 && Errno.Last is not (Errno.EINPROGRESS or Errno.EINTR)) connection.failure = Errno.Last;
        return connection;
    }

    public override SocketStep Finish()
    {
        if (failure != 0) return Told(failure);
        var happened = new Libc.PollDescriptor { Descriptor = (int)handle.DangerousGetHandle(), Wanted = Libc.POLLOUT };
        if (Libc.Poll(&happened, 1, 0) == 0) return new(SocketState.Waiting);
        int errno;
        uint length = sizeof(int);
        if (Libc.GetOption(handle, Libc.SOL_SOCKET, Libc.SO_ERROR, &errno, &length) < 0) errno = Errno.Last;
        return errno == 0 ? new(SocketState.Done) : Told(errno);
    }

    public override SocketStep Send(ReadOnlySpan<byte> bytes)
    {
        if (failure != 0) return Told(failure);
        fixed (byte* from = bytes) return Of(Libc.Send(handle, from, (nuint)bytes.Length, Libc.MSG_NOSIGNAL));
    }

    public override SocketStep Read(Span<byte> into)
    {
        fixed (byte* to = into) return Of(Libc.Read(handle, to, (nuint)into.Length));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) handle.Dispose();
    }

    private static SocketStep Of(nint returned) => returned >= 0 ? new(SocketState.Done, (int)returned) : Told(Errno.Last);

    private static SocketStep Told(int errno) => errno switch
    {
        Errno.EAGAIN or Errno.EINTR => new(SocketState.Waiting),
        Errno.ECONNREFUSED => new(SocketState.Refused),
        _ => new(SocketState.Failed, 0, Errno.Describe(errno)),
    };
}
