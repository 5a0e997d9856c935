namespace Holdfast.Segments;

/// <summary>One record of a journal.</summary>
/// <param name="Json">One JSON document without newlines, UTF-8; null for records that are lost.</param>
/// <param name="Lost">Why <see cref="Records"/> records from <see cref="Sequence"/> on are not there; null when this is one.</param>
public sealed record JournalRecord(long Sequence, DateTimeOffset At, ReadOnlyMemory<byte> Json, Loss? Lost)
{
    /// <summary>1, or the number of lost records.</summary>
    public long Records => Lost?.Lines ?? 1;
}
