using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>
/// A hash of the tree of RFC 6962, section 2.1: 32 bytes. Leaves and inner nodes are hashed with different first bytes, so that nobody can
/// show an inner node as an entry.
/// </summary>
public readonly record struct TreeHash(UInt128 High, UInt128 Low)
{
    public const int Bytes = 32;

    /// <summary>Bytes of an entry and the one before it that need no allocation: nearly all entries.</summary>
    private const int Usual = 2048;

    /// <summary>Of a tree without entries: SHA-256 of nothing.</summary>
    public static TreeHash Empty { get; } = From(SHA256.HashData([]));

    /// <param name="bytes">Exactly <see cref="Bytes"/>.</param>
    public static TreeHash From(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Bytes);
        return new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));
    }

    /// <summary>SHA-256(0x00 || entry).</summary>
    public static TreeHash Leaf(ReadOnlySpan<byte> entry)
    {
        var length = 1 + entry.Length;
        var input = length <= Usual ? stackalloc byte[Usual] : new byte[length];
        input[0] = 0;
        entry.CopyTo(input[1..]);
        Span<byte> bytes = stackalloc byte[Bytes];
        SHA256.HashData(input[..length], bytes);
        return From(bytes);
    }

    /// <summary>SHA-256(0x01 || left || right).</summary>
    public static TreeHash Node(TreeHash left, TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Bytes)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Bytes)..]);
        Span<byte> bytes = stackalloc byte[Bytes];
        SHA256.HashData(input, bytes);
        return From(bytes);
    }

    /// <summary>A hash as notes write it: standard base64, and no second way to write the same. Null: the text is none.</summary>
    public static TreeHash? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == Bytes && From(bytes) is var hash && hash.ToString() == text ? hash : null;
    }

    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }

    /// <summary>Base64, 44 characters.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return Convert.ToBase64String(bytes);
    }
}
