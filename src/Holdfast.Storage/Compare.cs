namespace Holdfast.Storage;

public enum Relation
{
    Equal,
    Greater,
    Less,
    NotEqual,
}

/// <summary>
/// A condition of a transaction on one key. A key that does not exist has create revision, mod revision and version 0;
/// no condition on the value of such a key holds.
/// </summary>
public abstract record Compare
{
    private Compare(Bytes key, Relation relation)
    {
        Key = key;
        Relation = relation;
    }

    public Bytes Key { get; }

    public Relation Relation { get; }

    public static Compare Absent(Bytes key) => new CreateRevision(key, Relation.Equal, 0);

    public static Compare Exists(Bytes key) => new CreateRevision(key, Relation.Greater, 0);

    /// <summary>Nobody has put the key since <paramref name="modRevision"/> (0: nobody has made it).</summary>
    public static Compare Unchanged(Bytes key, long modRevision) => new ModRevision(key, Relation.Equal, modRevision);

    public sealed record CreateRevision(Bytes Key, Relation Relation, long Revision) : Compare(Key, Relation);

    public sealed record ModRevision(Bytes Key, Relation Relation, long Revision) : Compare(Key, Relation);

    public sealed record Version(Bytes Key, Relation Relation, long Number) : Compare(Key, Relation);

    public sealed record Value(Bytes Key, Relation Relation, Bytes Content) : Compare(Key, Relation);

    /// <summary>Whether the condition holds for the key as it is; null: it does not exist.</summary>
    public bool Holds(KeyValue? current) => this switch
    {
        CreateRevision c => Ordered((current?.CreateRevision ?? 0).CompareTo(c.Revision)),
        ModRevision m => Ordered((current?.ModRevision ?? 0).CompareTo(m.Revision)),
        Version v => Ordered((current?.Version ?? 0).CompareTo(v.Number)),
        Value v => current is not null && Ordered(current.Value.CompareTo(v.Content)),
        _ => throw new InvalidOperationException($"Unknown compare {GetType()}."),
    };

    private bool Ordered(int order) => Relation switch
    {
        Relation.Equal => order == 0,
        Relation.Greater => order > 0,
        Relation.Less => order < 0,
        Relation.NotEqual => order != 0,
        _ => throw new InvalidOperationException($"Unknown relation {Relation}."),
    };
}
