using System.Buffers;
using Holdfast.Core.Capture;

namespace Holdfast.Supervisor.Capture;

/// <summary>The memory that reading needs, once per reading thread: an idle stream has none of its own.</summary>
public sealed class CaptureWorkspace
{
    internal byte[] Raw { get; } = new byte[CaptureLimits.ReadBytes];

    /// <summary>Holds the beginning of a line, what one read adds to it, and a newline.</summary>
    internal byte[] Text { get; } = new byte[CaptureLimits.LineBytes + Transcoder.MostBytes(CaptureLimits.ReadBytes)];

    internal ArrayBufferWriter<byte> Piece { get; } = new();

    internal ArrayBufferWriter<byte> Repaired { get; } = new();

    internal ArrayBufferWriter<byte> Redacted { get; } = new();
}
