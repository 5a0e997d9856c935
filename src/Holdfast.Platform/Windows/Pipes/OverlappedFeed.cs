using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Files;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Pipes;

/// <summary>
/// A named pipe made as <see cref="OutputPipe"/> makes them, the other way round. Windows does not say how much room a pipe has: one write at a time is
/// outstanding, of a copy of ours, and the pipe counts as full until it is done, which raises an event.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class OverlappedFeed : PipeFeed
{
    private const string Prefix = @"\\.\pipe\holdfast-in-";

    private readonly SafeFileHandle pipe;
    private readonly SafeWaitHandle done = Kernel32.CreateEvent(null, true, true, 0);
    private readonly byte* buffer = (byte*)NativeMemory.Alloc(InputPipe.Capacity);
    private readonly Kernel32.Overlapped* outstanding = (Kernel32.Overlapped*)NativeMemory.AllocZeroed((nuint)sizeof(Kernel32.Overlapped));
    private bool isOutstanding;
    private bool isDisposed;

    private OverlappedFeed(SafeFileHandle pipe) => this.pipe = pipe;

    public override SafeHandle Handle => done;

    public static InputPipe Create()
    {
        var name = $"{Prefix}{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        using var descriptor = new SecurityDescriptor($"D:P(A;;GA;;;{Sids.Own})");
        var attributes = descriptor.Attributes;
        var write = Kernel32.CreateNamedPipe(
            name,
            Kernel32.PIPE_ACCESS_OUTBOUND | Kernel32.FILE_FLAG_OVERLAPPED | Kernel32.FILE_FLAG_FIRST_PIPE_INSTANCE,
            Kernel32.PIPE_REJECT_REMOTE_CLIENTS,
            1,
            InputPipe.Capacity,
            0,
            0,
            &attributes);
        if (write.IsInvalid) throw Win32Error.Failure("make a pipe");
        var read = Kernel32.CreateFile(name, Kernel32.GENERIC_READ | Kernel32.FILE_WRITE_ATTRIBUTES, 0, null, Kernel32.OPEN_EXISTING, Kernel32.SECURITY_SQOS_PRESENT, 0);
        if (read.IsInvalid)
        {
            var error = Win32Error.Last;
            write.Dispose();
            throw Win32Error.Failure("open a pipe", error);
        }

        return new(new OverlappedFeed(write), read);
    }

    public override FeedResult Write(ReadOnlySpan<byte> bytes)
    {
        if (isOutstanding)
        {
            if (Kernel32.WaitForSingleObject(done, 0) != Kernel32.WAIT_OBJECT_0) return new(FeedState.Full);
            isOutstanding = false;
            if (!Kernel32.GetOverlappedResult(pipe, outstanding, out _, false)) return Failed(Win32Error.Last);
        }

        if (bytes.IsEmpty) return new(FeedState.Taken);
        var length = Math.Min(bytes.Length, InputPipe.Capacity);
        bytes[..length].CopyTo(new Span<byte>(buffer, InputPipe.Capacity));
        *outstanding = new() { Event = done.DangerousGetHandle() };
        if (!Kernel32.WriteFile(pipe, buffer, (uint)length, out _, outstanding) && Win32Error.Last is var error and not Win32Error.IO_PENDING) return Failed(error);
        isOutstanding = true;
        return new(FeedState.Taken, length);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing || isDisposed) return;
        isDisposed = true;
        if (isOutstanding)
        {
            // Until it is over Windows reads our memory.
            Kernel32.CancelIoEx(pipe, outstanding);
            _ = Kernel32.GetOverlappedResult(pipe, outstanding, out _, true);
        }

        pipe.Dispose();
        done.Dispose();
        NativeMemory.Free(buffer);
        NativeMemory.Free(outstanding);
    }

    private static FeedResult Failed(int error) => error is Win32Error.BROKEN_PIPE or Win32Error.NO_DATA or Win32Error.PIPE_NOT_CONNECTED
        ? new(FeedState.Closed)
        : throw Win32Error.Failure("write to a pipe", error);
}
