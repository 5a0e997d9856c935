namespace Holdfast.Storage;

/// <summary>The keys from <see cref="From"/> (included) to <see cref="To"/> (excluded). An empty To means: to the end.</summary>
public sealed record KeyRange
{
    private KeyRange(Bytes from, Bytes to)
    {
        From = from;
        To = to;
    }

    public Bytes From { get; }

    /// <summary>Excluded; empty: every key from <see cref="From"/> on.</summary>
    public Bytes To { get; }

    public static KeyRange All { get; } = new(Bytes.Empty, Bytes.Empty);

    /// <summary>One key. Its successor is the key with a zero byte after it, so the range holds nothing else.</summary>
    public static KeyRange Single(Bytes key) => new(key, new Bytes([.. key.Span, 0]));

    public static KeyRange Prefix(Bytes prefix) => new(prefix, AfterPrefix(prefix));

    /// <summary>From <paramref name="from"/> (included) to <paramref name="to"/> (excluded).</summary>
    public static KeyRange Between(Bytes from, Bytes to) => to.Length > 0 && from < to
        ? new(from, to)
        : throw new ArgumentException("A range ends after it begins.", nameof(to));

    /// <summary>Whether the range can hold no other key than <see cref="From"/>.</summary>
    public bool IsSingle => To.Length == From.Length + 1 && To.Span[^1] == 0 && To.StartsWith(From);

    public bool Contains(Bytes key) => key >= From && (To.Length == 0 || key < To);

    public bool Overlaps(KeyRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (To.Length == 0 || other.From < To) && (other.To.Length == 0 || From < other.To);
    }

    public override string ToString() => IsSingle ? From.ToString() : $"[{From}, {(To.Length == 0 ? "end" : To)})";

    /// <summary>The first key that is greater than every key with the prefix: the prefix with its last byte raised, 0xff bytes cut off.</summary>
    private static Bytes AfterPrefix(Bytes prefix)
    {
        var length = prefix.Length;
        while (length > 0 && prefix.Span[length - 1] == 0xff)
            length--;
        if (length == 0)
            return Bytes.Empty;
        var after = prefix.Span[..length].ToArray();
        after[^1]++;
        return new(after);
    }
}
