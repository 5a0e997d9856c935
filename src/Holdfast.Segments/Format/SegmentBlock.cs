namespace Holdfast.Segments;

/// <summary>What was captured by one read: lines of one stream with one time.</summary>
/// <param name="Sequence">Of the first line.</param>
/// <param name="Lines">How many sequence numbers it takes; with <see cref="BlockFlags.Lost"/> the number of lines lost.</param>
/// <param name="Payload">Whole lines in UTF-8, each ended by a newline. The memory is the reader's: it is valid until the next read.</param>
public readonly record struct SegmentBlock(
    long Sequence, DateTimeOffset At, StreamKind Stream, BlockFlags Flags, long Lines, ReadOnlyMemory<byte> Payload)
{
    public long NextSequence => Sequence + Lines;

    /// <summary>Where its lines are from; null: it does not say.</summary>
    public BlockOrigin? Origin { get; init; }

    /// <summary>Null unless the block tells of lines that are not there.</summary>
    public Loss? Loss => (Flags & BlockFlags.Lost) != 0 && Segments.Loss.TryParse(Payload.Span, out var loss) ? loss : null;

    /// <summary>Its lines one by one; a loss is one line of the stream <see cref="StreamKind.Holdfast"/> in words.</summary>
    public LineSequence Split() => new(this);
}
