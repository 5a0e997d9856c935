using Holdfast.Segments;

namespace Holdfast.Supervisor.Capture;

/// <summary>Lines that are ready for the disk: whole, UTF-8, redacted.</summary>
internal readonly ref struct CapturedBlock(StreamKind stream, BlockFlags flags, DateTimeOffset at, ReadOnlySpan<byte> lines, int lineCount)
{
    public StreamKind Stream { get; } = stream;

    public BlockFlags Flags { get; } = flags;

    public DateTimeOffset At { get; } = at;

    public ReadOnlySpan<byte> Lines { get; } = lines;

    public int LineCount { get; } = lineCount;
}
