using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Packages;

/// <summary>
/// A JSON document of one line, followed by a line with its HMAC-SHA256 under the node key. The code covers the bytes as they
/// stand, not what a reader understood of them: a neighbouring version that adds a field breaks no seal.
/// </summary>
public static class SealedDocument
{
    /// <summary>Of the node key, in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>The node key's file name in the home's <c>keys</c> folder.</summary>
    public const string KeyFile = "node.key";

    private const string SealStart = "{\"hmac-sha256\":\"";
    private const string SealEnd = "\"}\n";

    public static byte[] Seal(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key)
    {
        RequireKey(key);
        if (body.Contains((byte)'\n')) throw new ArgumentException("A sealed document is one line.", nameof(body));
        var seal = Encoding.ASCII.GetBytes("\n" + SealStart + Convert.ToHexStringLower(HMACSHA256.HashData(key, body)) + SealEnd);
        return [.. body, .. seal];
    }

    /// <summary>The body, or a <see cref="ProblemKind.Damaged"/> problem when the seal is not that of this node.</summary>
    /// <param name="document">The whole file.</param>
    /// <param name="key">The node key.</param>
    /// <param name="name">What to call it in the problem.</param>
    public static Outcome<ReadOnlyMemory<byte>> Open(ReadOnlyMemory<byte> document, ReadOnlySpan<byte> key, string name)
    {
        RequireKey(key);
        var end = document.Span.IndexOf((byte)'\n');
        if (end < 0) return Broken(name, "it has no seal");
        var body = document[..end];
        var expected = Encoding.ASCII.GetBytes(SealStart + Convert.ToHexStringLower(HMACSHA256.HashData(key, body.Span)) + SealEnd);
        return CryptographicOperations.FixedTimeEquals(expected, document.Span[(end + 1)..])
            ? body
            : Broken(name, "its seal is not that of this node's key");
    }

    /// <summary>
    /// The body of a document that is believed for where it lies: nobody but the administrator can write it there. For who must not have the node key.
    /// </summary>
    public static Outcome<ReadOnlyMemory<byte>> Body(ReadOnlyMemory<byte> document, string name)
    {
        var end = document.Span.IndexOf((byte)'\n');
        return end < 0 ? Broken(name, "it has no seal") : document[..end];
    }

    private static Problem Broken(string name, string why) => new(ProblemKind.Damaged, "admission.seal", $"{name} cannot be believed")
    {
        Why = why + ": it was changed, or comes from another node",
        Mend = "deploy the package again",
    };

    private static void RequireKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength) throw new ArgumentException($"A node key has {KeyLength} bytes, not {key.Length}.", nameof(key));
    }
}
