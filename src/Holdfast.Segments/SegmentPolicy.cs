namespace Holdfast.Segments;

/// <summary>How large and old segments become, how long they are kept, and when they are synced to the disk.</summary>
public sealed record SegmentPolicy
{
    /// <summary>A new segment before one becomes larger than this, in bytes.</summary>
    public long RotateBytes { get; init; } = 64L << 20;

    /// <summary>A new segment when one has become this old.</summary>
    public TimeSpan RotateAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The oldest segments go while all of them together exceed this, in bytes; never the one that is open.</summary>
    public long KeepBytes { get; init; } = 1L << 30;

    /// <summary>Segments whose last line is older than this go; never the one that is open.</summary>
    public TimeSpan KeepAge { get; init; } = TimeSpan.FromDays(14);

    /// <summary>An append syncs when this many bytes are not on the disk yet.</summary>
    public long SyncBytes { get; init; } = 1 << 20;

    /// <summary>After this time <see cref="SegmentWriter.SyncDueAfter"/> is zero: whoever drives the writer syncs.</summary>
    public TimeSpan SyncAfter { get; init; } = TimeSpan.FromMilliseconds(100);
}
