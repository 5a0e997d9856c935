using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Clusters;

/// <summary>A token as the cluster keeps it: not the secret.</summary>
/// <param name="Hash"><see cref="JoinToken.HashOf"/> its secret.</param>
/// <param name="Node">For whom.</param>
/// <param name="Until">After that it is worth nothing.</param>
public sealed record IssuedToken(string Hash, string Node, DateTimeOffset Until)
{
    public DateTimeOffset? UsedAt { get; init; }
}

/// <summary>The tokens that were given out. Those that are past are kept for a day, so that who comes with one is told what it is.</summary>
public sealed record IssuedTokens(ImmutableList<IssuedToken> Tokens)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    public static IssuedTokens None { get; } = new([]);

    public IssuedTokens With(IssuedToken token, DateTimeOffset now) => new(Tokens.RemoveAll(one => one.Until + KeptFor < now).Add(token));

    public IssuedTokens Used(IssuedToken token, DateTimeOffset? at) => new(Tokens.Replace(token, token with { UsedAt = at }));

    /// <summary>The token with this secret, if it is good for this node now.</summary>
    public Outcome<IssuedToken> Judge(ReadOnlySpan<byte> secret, string node, DateTimeOffset now)
    {
        var hash = Encoding.ASCII.GetBytes(JoinToken.HashOf(secret));
        IssuedToken? found = null;
        // All of them, whichever it is: how long it takes says nothing of them.
        foreach (var one in Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(one.Hash))) found = one;
        }

        return found is null ? JoinProblems.TokenWrong()
            : found.UsedAt is { } at ? JoinProblems.TokenUsed(at)
            : found.Until < now ? JoinProblems.TokenExpired(found.Until)
            : found.Node != node ? JoinProblems.TokenOfOtherNode(node)
            : found;
    }
}
