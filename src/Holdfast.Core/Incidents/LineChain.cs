using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Core.Incidents;

/// <summary>
/// How the lines of a bundle are linked: each begins with <c>{"hash":"…",</c>, and that is SHA-256(the hash of the line before || the line without it). The last one stands for
/// all: who has it from elsewhere knows that nothing before it was changed.
/// </summary>
public static class LineChain
{
    /// <summary>What the first line follows.</summary>
    public const string Beginning = "0000000000000000000000000000000000000000000000000000000000000000";

    private const int HashLength = 64;

    private static ReadOnlySpan<byte> Before => "{\"hash\":\""u8;

    private static ReadOnlySpan<byte> After => "\","u8;

    /// <param name="previous">The hash of the line before.</param>
    /// <param name="line">A JSON object with members, without white space in front and without a newline.</param>
    /// <returns>The line in the bundle, without a newline, and its hash.</returns>
    public static (byte[] Line, string Hash) Link(string previous, ReadOnlySpan<byte> line)
    {
        var hash = HashOf(previous, line);
        return ([.. Before, .. Encoding.ASCII.GetBytes(hash), .. After, .. line[1..]], hash);
    }

    /// <summary>The line without its hash, and the hash that it names; null: it does not begin as a line of a bundle.</summary>
    public static (byte[] Line, string Hash)? Split(ReadOnlySpan<byte> line)
    {
        var end = Before.Length + HashLength;
        if (line.Length <= end + After.Length || !line.StartsWith(Before) || !line[end..].StartsWith(After)) return null;
        return ([(byte)'{', .. line[(end + After.Length)..]], Encoding.ASCII.GetString(line[Before.Length..end]));
    }

    /// <param name="previous">64 digits of hex.</param>
    /// <param name="line">Without its own hash.</param>
    public static string HashOf(string previous, ReadOnlySpan<byte> line)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Convert.FromHexString(previous));
        hash.AppendData(line);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
