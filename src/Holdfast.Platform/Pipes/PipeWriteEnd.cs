using System.Runtime.InteropServices;
using Holdfast.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>
/// The child's end of a pipe: a plain blocking one, as programs expect their stdout to be. Close our copy when the child has its own,
/// or the read end never comes to its end.
/// </summary>
public sealed class PipeWriteEnd : IDisposable
{
    private readonly SafeFileHandle handle;

    internal PipeWriteEnd(SafeFileHandle handle) => this.handle = handle;

    public SafeHandle Handle => handle;

    /// <summary>Writes all of it, and waits while the pipe is full.</summary>
    /// <exception cref="IOException">The read end is closed.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (OperatingSystem.IsLinux()) PosixPipe.Write(handle, bytes);
        else if (OperatingSystem.IsWindows()) Windows.Pipes.PipeIo.Write(handle, bytes);
        else throw Unsupported.Here("pipes");
    }

    public void Dispose() => handle.Dispose();
}
