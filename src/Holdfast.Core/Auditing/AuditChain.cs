using System.Security.Cryptography;

namespace Holdfast.Core.Auditing;

/// <summary>How entries are linked: <c>hash = SHA-256(previous hash || canonical text)</c>, over the 32 raw bytes of the previous hash.</summary>
public static class AuditChain
{
    /// <summary>Bytes of what is hashed that need no allocation: nearly all entries.</summary>
    private const int Usual = 2048;

    /// <summary>The entry that comes after <paramref name="head"/>.</summary>
    public static AuditEntry Next(AuditHead head, AuditRecord record, string node, DateTimeOffset at) => new EntryWriter().Add(head, record, node, at);

    /// <summary>The hash the entry should have, by its content and its previous hash.</summary>
    public static string HashOf(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var text = new CanonicalText();
        AuditLine.Body(text, entry);
        return Hash(entry.PreviousHash, text.Written.Span);
    }

    /// <param name="previous">The hash of the entry before.</param>
    /// <param name="body">Of the entry: its text up to, not with, the bracket that ends it.</param>
    internal static string Hash(string previous, ReadOnlySpan<byte> body)
    {
        var length = SHA256.HashSizeInBytes + body.Length + 1;
        var input = length <= Usual ? stackalloc byte[Usual] : new byte[length];
        Convert.FromHexString(previous, input, out _, out _);
        body.CopyTo(input[SHA256.HashSizeInBytes..]);
        input[length - 1] = (byte)'}';
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        return Convert.ToHexStringLower(hash);
    }
}
