namespace Holdfast.Storage;

/// <summary>Which keys to read, in the order of the keys.</summary>
public sealed record RangeQuery(KeyRange Keys)
{
    /// <summary>At most so many keys; 0: all.</summary>
    public int Limit { get; init; }

    /// <summary>As they were at this revision; 0: as they are now.</summary>
    public long Revision { get; init; }
}

/// <summary>What a range held.</summary>
/// <param name="Revision">The store's revision at the moment of the reading: watch from the next one to miss nothing.</param>
/// <param name="Items">In the order of the keys.</param>
/// <param name="More">The limit left some out.</param>
/// <param name="Count">How many keys the range holds, those left out included.</param>
public sealed record RangeResult(long Revision, IReadOnlyList<KeyValue> Items, bool More, long Count);
