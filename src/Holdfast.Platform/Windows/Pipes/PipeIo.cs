using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Pipes;

/// <summary>Calls on pipe ends that may belong to a completion port, and leave nothing in it.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class PipeIo
{
    /// <summary>With its lowest bit set, an event keeps an operation's packet out of the completion port.</summary>
    private const nint WithoutPacket = 1;

    [ThreadStatic]
    private static SafeWaitHandle? done;

    private static nint Done => (done ??= Kernel32.CreateEvent(null, true, false, 0)).DangerousGetHandle();

    public static PipePeek Peek(SafeHandle pipe)
    {
        Ntdll.StatusBlock block = default;
        Ntdll.PipePeek peek = default;
        uint status;
        try
        {
            status = Ntdll.NtFsControlFile(pipe, 0, 0, 0, &block, Ntdll.FSCTL_PIPE_PEEK, null, 0, &peek, (uint)sizeof(Ntdll.PipePeek) - sizeof(uint));
        }
        catch (ObjectDisposedException)
        {
            return new(0, true, true);
        }

        return status is Ntdll.STATUS_SUCCESS or Ntdll.STATUS_BUFFER_OVERFLOW
            ? new(peek.Available, peek.State == Ntdll.FILE_PIPE_CLOSING_STATE, false)
            : new(0, true, true);
    }

    public static ReadResult Read(SafeFileHandle pipe, Span<byte> into)
    {
        if (into.IsEmpty) throw new ArgumentException("A read into nothing cannot be told from the end.", nameof(into));
        var peek = Peek(pipe);
        if (peek.Available == 0) return new(peek.IsEnded || peek.IsClosing ? ReadState.End : ReadState.WouldBlock, 0);
        // There is one reader: what was there is there still, and the read does not wait.
        var length = (uint)Math.Min(into.Length, peek.Available);
        fixed (byte* at = into)
        {
            var overlapped = new Kernel32.Overlapped { Event = Done | WithoutPacket };
            uint count;
            if (!Kernel32.ReadFile(pipe, at, length, &count, &overlapped))
            {
                var error = Win32Error.Last;
                if (error == Win32Error.IO_PENDING) error = Kernel32.GetOverlappedResult(pipe, &overlapped, out count, true) ? 0 : Win32Error.Last;
                if (error == Win32Error.BROKEN_PIPE) return new(ReadState.End, 0);
                if (error != 0) throw Win32Error.Failure("read from a pipe", error);
            }

            return new(ReadState.Data, (int)count);
        }
    }

    public static void Write(SafeFileHandle pipe, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* from = bytes)
            {
                if (!Kernel32.WriteFile(pipe, from, (uint)bytes.Length, out var count, null)) throw Win32Error.Failure("write to a pipe");
                bytes = bytes[(int)count..];
            }
        }
    }
}
