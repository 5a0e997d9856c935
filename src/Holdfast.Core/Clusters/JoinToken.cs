using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Clusters;

/// <summary>
/// What lets one machine become one node of a cluster, once: a secret that the cluster knows by its hash, and by what the machine knows the cluster before it sends
/// anything. One word of lower-case letters and digits, which a terminal copies whole; what was cut or mistyped is noticed by itself.
/// </summary>
/// <param name="Secret"><see cref="SecretBytes"/> random bytes.</param>
/// <param name="Authority">SHA-256 of the certificate of the cluster's authority, 64 lower-case hexadecimal digits.</param>
/// <param name="Node">The only name that it is good for.</param>
/// <param name="Address">HOST:PORT of the node that has the authority.</param>
public sealed record JoinToken(ReadOnlyMemory<byte> Secret, string Authority, string Node, string Address)
{
    public const int SecretBytes = 16;

    private const string Prefix = "hfjoin1.";
    private const int HashBytes = SHA256.HashSizeInBytes, CheckBytes = 4;

    /// <summary>How the cluster knows it: whoever reads that has no token.</summary>
    public static string HashOf(ReadOnlySpan<byte> secret) => Convert.ToHexStringLower(SHA256.HashData(secret));

    public string Text()
    {
        List<byte> bytes = [.. Secret.Span, .. Convert.FromHexString(Authority)];
        foreach (var text in new[] { Node, Address })
        {
            var encoded = Encoding.UTF8.GetBytes(text);
            bytes.Add(checked((byte)encoded.Length));
            bytes.AddRange(encoded);
        }

        return Prefix + Base32.Text([.. bytes, .. Check([.. bytes])]);
    }

    /// <summary>The token, or that this is none; line breaks and spaces that came in between are passed over.</summary>
    public static Outcome<JoinToken> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var word = string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant();
        if (!word.StartsWith(Prefix, StringComparison.Ordinal)) return Bad($"it does not begin with {Prefix}");
        return Base32.Bytes(word.AsSpan(Prefix.Length)) is { Length: > SecretBytes + HashBytes + CheckBytes } bytes ? Read(bytes) : Bad("it was cut, or a letter is wrong");
    }

    /// <summary>Without the secret, wherever it is written.</summary>
    public override string ToString() => $"a token for {Node} at {Address}";

    private static Outcome<JoinToken> Read(byte[] bytes)
    {
        var body = bytes.AsSpan(0, bytes.Length - CheckBytes);
        if (!Check(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length))) return Bad("it was cut, or a letter is wrong");
        var rest = body[(SecretBytes + HashBytes)..];
        return Next(ref rest) is { } node && Next(ref rest) is { } address && rest.IsEmpty
            ? new JoinToken(body[..SecretBytes].ToArray(), Convert.ToHexStringLower(body.Slice(SecretBytes, HashBytes)), node, address)
            : Bad("its parts do not fit");
    }

    private static string? Next(ref Span<byte> rest)
    {
        if (rest.IsEmpty || rest[0] > rest.Length - 1) return null;
        var text = Encoding.UTF8.GetString(rest.Slice(1, rest[0]));
        rest = rest[(1 + rest[0])..];
        return text;
    }

    private static byte[] Check(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes)[..CheckBytes];

    private static Problem Bad(string why) => new(ProblemKind.BadInput, "cluster.token-form", "This is no token to join a cluster with.")
    {
        Why = why,
        Mend = "copy the whole word that `holdfast cluster token` printed",
    };
}
