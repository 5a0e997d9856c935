using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Pipes;

namespace Holdfast.Platform.Windows.Waiting;

/// <summary>
/// A named pipe's end, opened for overlapped use: an outstanding read of zero bytes takes nothing and completes when something can be read,
/// or when the other end is gone (what libuv waits with as well). Nothing is read ahead, so a pipe that is not watched holds its writer back.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WatchedPipe : Watched
{
    private readonly SafeHandle pipe;
    private Kernel32.Overlapped* overlapped;

    public WatchedPipe(SafeHandle pipe, long token)
        : base(token)
    {
        this.pipe = pipe;
        overlapped = (Kernel32.Overlapped*)NativeMemory.AllocZeroed((nuint)sizeof(Kernel32.Overlapped));
    }

    /// <summary>Its packet carries this.</summary>
    public nint Name => (nint)overlapped;

    public override Sight Look()
    {
        var peek = PipeIo.Peek(pipe);
        return new(peek.Available > 0, peek.IsEnded || peek.IsClosing);
    }

    public override bool Arm()
    {
        try
        {
            *overlapped = default;
            // What is done at once leaves a packet as well; what fails at once leaves none.
            IsArmed = Kernel32.ReadFile(pipe, (byte*)overlapped, 0, null, overlapped) || Win32Error.Last == Win32Error.IO_PENDING;
        }
        catch (ObjectDisposedException)
        {
            IsArmed = false;
        }

        return IsArmed;
    }

    public override void Cancel()
    {
        try
        {
            if (IsArmed) Kernel32.CancelIoEx(pipe, overlapped);
        }
        catch (ObjectDisposedException)
        {
            // Closing it has cancelled the read.
        }
    }

    public override void Dispose()
    {
        NativeMemory.Free(overlapped);
        overlapped = null;
    }
}
