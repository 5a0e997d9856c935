using System.Text;

namespace Holdfast.Storage;

/// <summary>
/// A key or a value: an immutable run of bytes, compared by content and ordered byte by byte (as etcd orders keys).
/// Text converts to its UTF-8 bytes. The array given to the constructor must not be written afterwards.
/// </summary>
public readonly struct Bytes : IEquatable<Bytes>, IComparable<Bytes>
{
    private readonly byte[]? content;

    public Bytes(byte[] content) => this.content = content ?? throw new ArgumentNullException(nameof(content));

    public static Bytes Empty => default;

    public int Length => content?.Length ?? 0;

    public ReadOnlySpan<byte> Span => content;

    public static implicit operator Bytes(string text) => FromText(text);

    public static Bytes FromText(string text) => new(Encoding.UTF8.GetBytes(text));

    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);

    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);

    public static bool operator <(Bytes left, Bytes right) => left.CompareTo(right) < 0;

    public static bool operator >(Bytes left, Bytes right) => left.CompareTo(right) > 0;

    public static bool operator <=(Bytes left, Bytes right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Bytes left, Bytes right) => left.CompareTo(right) >= 0;

    public byte[] ToArray() => Span.ToArray();

    public bool StartsWith(Bytes prefix) => Span.StartsWith(prefix.Span);

    public bool Equals(Bytes other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    public int CompareTo(Bytes other) => Span.SequenceCompareTo(other.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The bytes read as UTF-8.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);
}
