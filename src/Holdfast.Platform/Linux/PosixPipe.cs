using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>
/// pipe2(2). The kernel lets an account without privileges hold 64 MiB of pipe buffers (fs.pipe-user-pages-soft) and then gives
/// 8 KiB to every further pipe. Large pipes would use that up at 128 instances, the default of 64 KiB at 512: such an account asks for
/// 32 KiB, which lasts for a thousand instances with two pipes each.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class PosixPipe
{
    public static Pipe Create(int wanted)
    {
        var ends = stackalloc int[2];
        if (Libc.Pipe(ends, Libc.O_CLOEXEC) < 0)
            throw Errno.Failure("pipe2");
        var read = new SafeFileHandle(ends[0], ownsHandle: true);
        var write = new SafeFileHandle(ends[1], ownsHandle: true);
        SetNonBlocking(read);
        return new(new PipeReadEnd(read), new PipeWriteEnd(write), Size(read, wanted));
    }

    public static ReadResult Read(SafeFileHandle handle, Span<byte> into)
    {
        if (into.IsEmpty)
            throw new ArgumentException("A read into nothing cannot be told from the end.", nameof(into));
        fixed (byte* buffer = into)
        {
            while (true)
            {
                var count = Libc.Read(handle, buffer, (nuint)into.Length);
                if (count > 0)
                    return new(ReadState.Data, (int)count);
                if (count == 0)
                    return new(ReadState.End, 0);
                var errno = Errno.Last;
                if (errno == Errno.EAGAIN)
                    return new(ReadState.WouldBlock, 0);
                if (errno != Errno.EINTR)
                    throw Errno.Failure("read from a pipe", errno);
            }
        }
    }

    public static void Write(SafeFileHandle handle, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* from = bytes)
            {
                var count = Libc.Write(handle, from, (nuint)bytes.Length);
                if (count >= 0)
                    bytes = bytes[(int)count..];
                else if (Errno.Last != Errno.EINTR)
                    throw Errno.Failure("write to a pipe");
            }
        }
    }

    private static void SetNonBlocking(SafeFileHandle handle)
    {
        // Of this end only: the child's end is another open file description and stays blocking. A new pipe has no flag that this could clear.
        if (Libc.Control(handle, Libc.F_SETFL, Libc.O_NONBLOCK) < 0)
            throw Errno.Failure("fcntl(O_NONBLOCK)");
    }

    private static int Size(SafeFileHandle handle, int wanted)
    {
        var most = Environment.IsPrivilegedProcess ? wanted : Math.Min(wanted, Pipe.UnprivilegedCapacity);
        // Refused where the account has used up what it may hold: then the pipe stays as small as it is, and works.
        var granted = Libc.Control(handle, Libc.F_SETPIPE_SZ, most);
        return granted > 0 ? granted : Libc.Control(handle, Libc.F_GETPIPE_SZ, 0);
    }
}
