using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>The write end of a pipe2(2) that does not wait. What is no longer than 4 KiB (PIPE_BUF) goes whole or not at all.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PosixFeed(SafeFileHandle handle) : PipeFeed
{
    public override SafeHandle Handle => handle;

    public static InputPipe Create()
    {
        var ends = stackalloc int[2];
        if (Libc.Pipe(ends, Libc.O_CLOEXEC) < 0) throw Errno.Failure("pipe2");
        var pipe = new InputPipe(new PosixFeed(new(ends[1], ownsHandle: true)), new(ends[0], ownsHandle: true));
        // Of our end only: the child's end is another open file description and stays blocking. Where its size is refused it stays as it is.
        _ = Libc.Control(pipe.Feed.Handle, Libc.F_SETPIPE_SZ, InputPipe.Capacity);
        if (Libc.Control(pipe.Feed.Handle, Libc.F_SETFL, Libc.O_NONBLOCK) >= 0) return pipe;
        var errno = Errno.Last;
        pipe.Dispose();
        throw Errno.Failure("fcntl(O_NONBLOCK)", errno);
    }

    public override FeedResult Write(ReadOnlySpan<byte> bytes)
    {
        // What was given is the kernel's at once.
        if (bytes.IsEmpty) return new(FeedState.Taken);
        fixed (byte* from = bytes)
        {
            while (true)
            {
                var count = Libc.Write(handle, from, (nuint)bytes.Length);
                if (count >= 0) return new(FeedState.Taken, (int)count);
                switch (Errno.Last)
                {
                    case Errno.EINTR: continue;
                    case Errno.EAGAIN: return new(FeedState.Full);
                    case Errno.EPIPE: return new(FeedState.Closed);
                    case var errno: throw Errno.Failure("write to a pipe", errno);
                }
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) handle.Dispose();
    }
}
