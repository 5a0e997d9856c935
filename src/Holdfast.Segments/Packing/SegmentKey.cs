using System.Security.Cryptography;
using Holdfast.Segments.Packing;

namespace Holdfast.Segments;

/// <summary>A secret of 32 bytes that packed segments are encrypted with.</summary>
public sealed class SegmentKey
{
    /// <summary>In bytes.</summary>
    public const int Length = 32;

    private readonly byte[] secret;

    private SegmentKey(byte[] secret)
    {
        this.secret = secret;
        Id = new(SHA256.HashData([.. "holdfast segment key\n"u8, .. secret]).AsSpan(0, 16));
    }

    /// <summary>Names the key and says nothing of it: the first 16 bytes of a digest.</summary>
    public Guid Id { get; }

    public static SegmentKey New() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Null unless it is the base64 of <see cref="Length"/> bytes.</summary>
    public static SegmentKey? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new byte[Length];
        return Convert.TryFromBase64String(text, bytes, out var count) && count == Length ? new(bytes) : null;
    }

    /// <summary>The secret itself, as <see cref="Parse"/> reads it.</summary>
    public string Text() => Convert.ToBase64String(secret);

    /// <summary>Of one file: no two files are encrypted with the same key, so numbers that begin at 0 in each are no danger.</summary>
    internal AesGcm Of(ReadOnlySpan<byte> salt)
    {
        Span<byte> derived = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, derived, salt, "holdfast packed segment"u8);
        var cipher = new AesGcm(derived, PackedFrame.TagSize);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
