namespace Holdfast.Segments;

/// <summary>One captured line.</summary>
/// <param name="Text">UTF-8, without its newline. The memory is the reader's: it is valid until the next read.</param>
/// <param name="Flags"><see cref="BlockFlags.Unfinished"/>: the line goes on in the stream's next one, which is <see cref="BlockFlags.Resumed"/>.</param>
public readonly record struct SegmentLine(long Sequence, DateTimeOffset At, StreamKind Stream, BlockFlags Flags, ReadOnlyMemory<byte> Text);
