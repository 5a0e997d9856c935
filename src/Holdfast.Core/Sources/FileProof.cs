using System.Security.Cryptography;

namespace Holdfast.Core.Sources;

/// <summary>
/// Tells whether a file is still the one that was read, from what was read of it and nothing else: its first and its last bytes up to the offset. So no file is too small for it, and one
/// that was emptied and written anew is found out also where it begins as before and is longer by now.
/// </summary>
/// <remarks>Regressions: beats#44780 (files smaller than a fingerprint are never read), vector#23076 (an inode that another file has), fluent-bit#4895.</remarks>
public static class FileProof
{
    /// <summary>Of the beginning and of the end each, in bytes; all of what was read, if that is less.</summary>
    public const int Window = 1024;

    private const int Kept = 12;

    /// <param name="offset">Behind what was read.</param>
    /// <returns>How many bytes from the beginning, and how many before the offset, <see cref="Of"/> wants.</returns>
    public static int Bytes(long offset) => (int)Math.Min(offset, Window);

    /// <param name="head">The first <see cref="Bytes"/> of the file.</param>
    /// <param name="tail">The last <see cref="Bytes"/> before the offset.</param>
    /// <returns>Empty for nothing.</returns>
    public static string Of(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        if (head.IsEmpty) return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(tail);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Kept));
    }
}
