namespace Holdfast.Segments;

/// <summary>The keys that readers have. It may get others while readers use it.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class SegmentKeys
{
    private volatile IReadOnlyList<SegmentKey> all = [];

    /// <summary>No key: what is encrypted cannot be read.</summary>
    public static SegmentKeys None => new();

    public bool IsEmpty => all.Count == 0;

    /// <summary>All of them from now on.</summary>
    public void Replace(IReadOnlyList<SegmentKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        all = keys;
    }

    /// <summary>Null: it is not here.</summary>
    public SegmentKey? Find(Guid id) => all.FirstOrDefault(key => key.Id == id);
}
