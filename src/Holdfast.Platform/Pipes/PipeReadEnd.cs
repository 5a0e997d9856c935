using System.Runtime.InteropServices;
using Holdfast.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>Our end of a pipe that a child writes to. Reading never waits: wait with <see cref="Readiness"/>.</summary>
public sealed class PipeReadEnd : IDisposable
{
    private readonly SafeFileHandle handle;

    internal PipeReadEnd(SafeFileHandle handle) => this.handle = handle;

    /// <summary>The end that this process's earlier image had: what was written meanwhile is in it.</summary>
    public static PipeReadEnd TakeOver(SafeFileHandle handle) => new(handle);

    /// <summary>To wait for.</summary>
    public SafeHandle Handle => handle;

    /// <exception cref="IOException">A read that can only fail by a bug has failed.</exception>
    public ReadResult Read(Span<byte> into) =>
        OperatingSystem.IsLinux() ? PosixPipe.Read(handle, into)
        : OperatingSystem.IsWindows() ? Windows.Pipes.PipeIo.Read(handle, into)
        : throw Unsupported.Here("pipes");

    public void Dispose() => handle.Dispose();
}
