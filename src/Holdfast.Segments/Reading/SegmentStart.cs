namespace Holdfast.Segments;

/// <summary>Where a reader begins.</summary>
public abstract record SegmentStart
{
    private SegmentStart()
    {
    }

    /// <summary>With the oldest line that is still there.</summary>
    public static SegmentStart Beginning { get; } = new AtSequence(0);

    /// <summary>With what is written from now on.</summary>
    public static SegmentStart End { get; } = new AtTail(0);

    /// <summary>With this sequence; if it is no longer there, with a gap that says so.</summary>
    public static SegmentStart Sequence(long sequence) => new AtSequence(sequence);

    /// <summary>Where another reader stood; if the folder's numbering has begun anew since, with the beginning of the new one.</summary>
    public static SegmentStart Behind(SegmentPlace place) => new AtPlace(place);

    /// <summary>With the first block of this time or later.</summary>
    public static SegmentStart Time(DateTimeOffset time) => new AtTime(time);

    /// <summary>With the last so many lines (lost ones count).</summary>
    public static SegmentStart Tail(long lines) => new AtTail(lines);

    internal sealed record AtSequence(long First) : SegmentStart;

    internal sealed record AtPlace(SegmentPlace Place) : SegmentStart;

    internal sealed record AtTime(DateTimeOffset From) : SegmentStart;

    internal sealed record AtTail(long Lines) : SegmentStart;
}
