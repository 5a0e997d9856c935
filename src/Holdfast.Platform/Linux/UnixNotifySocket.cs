using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>An AF_UNIX datagram socket with SO_PASSCRED: the kernel attaches PID, user and group to every message, and checks what a sender claims.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class UnixNotifySocket : NotifySocket
{
    private const int SO_PASSCRED = 16;
    private const int SCM_RIGHTS = 1;
    private const int SCM_CREDENTIALS = 2;

    private readonly SafeHandle handle;
    private readonly IDisposable closing;

    private UnixNotifySocket(Socket socket, string address)
    {
        (handle, closing) = (socket.SafeHandle, socket);
        Address = address;
    }

    /// <summary>One that an earlier image of this process bound: its file is removed by us, not by the framework.</summary>
    public UnixNotifySocket(SafeFileHandle bound, string address)
    {
        (handle, closing) = (bound, new BoundFile(bound, address));
        Address = address;
    }

    public override string Address { get; }

    public override SafeHandle Handle => handle;

    public static new Outcome<NotifySocket> Create(string path, Account? owner) => UnixEndpoint.CheckPath(path).Then<NotifySocket>(_ =>
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SetRawSocketOption(Libc.SOL_SOCKET, SO_PASSCRED, BitConverter.GetBytes(1));
            if (PosixFileFacts.IsSocket(path))
                File.Delete(path);
            if (Libc.ChangeMode(socket.SafeHandle, (uint)LocalEndpoint.OwnerOnly) < 0)
                throw Errno.Failure("fchmod of a socket");
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (owner is not null && Libc.ChangeOwner(path, owner.UserId, owner.GroupId) < 0)
                throw Errno.Failure($"give {path} to {owner.Name}");
            return new UnixNotifySocket(socket, path);
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            return new Problem(ProblemKind.Failed, "notify.listen-failed", $"Cannot make the notify socket {path}: {failure.Message}");
        }
    });

    [SkipLocalsInit]
    public override bool TryReceive(out NotifyMessage message, out int senderPid)
    {
        var text = stackalloc byte[NotifyMessage.MaxBytes];
        var control = stackalloc byte[Libc.MaxControlBytes];
        var part = new Libc.IoVector { Base = text, Length = NotifyMessage.MaxBytes };
        var header = new Libc.MessageHeader { Parts = &part, PartCount = 1, Control = control, ControlLength = Libc.MaxControlBytes };
        nint length;
        do
            length = Libc.ReceiveMessage(handle, &header, Libc.MSG_DONTWAIT | Libc.MSG_CMSG_CLOEXEC);
        while (length < 0 && Errno.Last == Errno.EINTR);

        senderPid = 0;
        if (length < 0)
        {
            message = NotifyMessage.Parse([]);
            return Errno.Last == Errno.EAGAIN ? false : throw Errno.Failure("recvmsg from a notify socket");
        }

        for (var at = 0; at + Libc.ControlHeaderBytes <= (int)header.ControlLength;)
        {
            var size = (int)*(nuint*)(control + at);
            if (size < Libc.ControlHeaderBytes)
                break;
            var level = *(int*)(control + at + 8);
            var kind = *(int*)(control + at + 12);
            var data = control + at + Libc.ControlHeaderBytes;
            if (level == Libc.SOL_SOCKET && kind == SCM_CREDENTIALS)
                senderPid = *(int*)data;
            else if (level == Libc.SOL_SOCKET && kind == SCM_RIGHTS)
                CloseAll((int*)data, (size - Libc.ControlHeaderBytes) / sizeof(int));
            at += (size + 7) & ~7;
        }

        message = NotifyMessage.Parse(new ReadOnlySpan<byte>(text, (int)length));
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            closing.Dispose();
    }

    private sealed class BoundFile(SafeFileHandle handle, string path) : IDisposable
    {
        public void Dispose()
        {
            if (handle.IsClosed)
                return;
            handle.Dispose();
            _ = Libc.Unlink(path);
        }
    }

    // A barrier's sender waits until its descriptor is closed here, which is the answer; others are not wanted.
    private static void CloseAll(int* descriptors, int count)
    {
        for (var i = 0; i < count; i++)
            _ = Libc.Close(descriptors[i]);
    }
}
