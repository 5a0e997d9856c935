using Holdfast.Platform.Linux;

namespace Holdfast.Platform;

/// <summary>A new pipe; neither end is inherited by anyone who is not given it.</summary>
/// <param name="Capacity">In bytes, as the kernel granted it: it may be less than what was wanted.</param>
public sealed record Pipe(PipeReadEnd Read, PipeWriteEnd Write, int Capacity) : IDisposable
{
    /// <summary>Room for a burst while the reader is busy with others.</summary>
    public const int DefaultCapacity = 256 * 1024;

    /// <summary>What an account without privileges asks for in bytes: enough for a thousand instances within what the kernel gives it (<see cref="PipeBudget"/>).</summary>
    public const int UnprivilegedCapacity = 32 * 1024;

    /// <param name="wanted">In bytes. An account without privileges gets no more than <see cref="UnprivilegedCapacity"/>.</param>
    /// <exception cref="IOException">No descriptors or memory are left.</exception>
    public static Pipe Create(int wanted = DefaultCapacity) =>
        OperatingSystem.IsLinux() ? PosixPipe.Create(wanted)
        : OperatingSystem.IsWindows() ? Windows.Pipes.OutputPipe.Create(wanted)
        : throw Unsupported.Here("pipes");

    public void Dispose()
    {
        Read.Dispose();
        Write.Dispose();
    }
}
