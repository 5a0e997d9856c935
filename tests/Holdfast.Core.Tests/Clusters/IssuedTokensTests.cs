using Holdfast.Core.Clusters;

namespace Holdfast.Core.Tests.Clusters;

/// <summary>What a token is worth, and when.</summary>
public sealed class IssuedTokensTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)7, 16)];

    private readonly IssuedToken token = new(JoinToken.HashOf(Secret), "node-2", Now.AddMinutes(10));
    private readonly IssuedTokens tokens;

    public IssuedTokensTests() => tokens = IssuedTokens.None.With(new(JoinToken.HashOf([1]), "node-3", Now.AddMinutes(10)), Now).With(token, Now);

    [Fact]
    public void It_is_good_for_its_node_until_its_end() => Assert.Equal(token, tokens.Judge(Secret, "node-2", Now.AddMinutes(10)).Value);

    [Fact]
    public void Each_other_case_is_told_apart()
    {
        Assert.Equal("cluster.token-wrong", Rule([.. Secret[..15], 8], "node-2", Now));
        Assert.Equal("cluster.token-wrong", Rule([], "node-2", Now));
        Assert.Equal("cluster.token-other-node", Rule(Secret, "node-3", Now));
        Assert.Equal("cluster.token-expired", Rule(Secret, "node-2", Now.AddMinutes(10).AddTicks(1)));
        Assert.Equal("cluster.token-used", tokens.Used(token, Now).Judge(Secret, "node-2", Now).Problems.Single().Rule);
    }

    [Fact]
    public void What_is_past_is_known_for_a_day_and_then_forgotten()
    {
        var next = new IssuedToken(JoinToken.HashOf([2]), "node-4", Now.AddDays(2));
        Assert.Equal(3, tokens.With(next, Now.AddHours(24)).Tokens.Count);
        Assert.Equal([next], tokens.With(next, Now.AddHours(25)).Tokens);
    }

    [Fact]
    public void The_document_that_is_kept_says_the_same_and_no_secret()
    {
        var text = IssuedTokensText.Of(tokens.Used(token, Now));
        Assert.Equal(tokens.Used(token, Now).Tokens, IssuedTokensText.Parse(text, "tokens.json").Value.Tokens);
        Assert.DoesNotContain(Convert.ToHexStringLower(Secret), text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("cluster.tokens", IssuedTokensText.Parse(text[..50], "tokens.json").Problems.Single().Rule);
        Assert.Equal("cluster.tokens", IssuedTokensText.Parse("{}", "tokens.json").Problems.Single().Rule);
    }

    private string Rule(byte[] secret, string node, DateTimeOffset now) => tokens.Judge(secret, node, now).Problems.Single().Rule;
}
