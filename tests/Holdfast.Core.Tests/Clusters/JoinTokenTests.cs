using System.Text.RegularExpressions;
using Holdfast.Core.Clusters;

namespace Holdfast.Core.Tests.Clusters;

public sealed partial class JoinTokenTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, JoinToken.SecretBytes).Select(one => (byte)one)];

    private readonly JoinToken token = new(Secret, new string('a', 64), "node-2", "node-1.bank.example:7420");

    [Fact]
    public void It_is_one_word_that_is_read_as_it_was_written()
    {
        Assert.Matches(Word(), token.Text());
        var read = JoinToken.Parse(token.Text()).Value;
        Assert.Equal(Secret, read.Secret.ToArray());
        Assert.Equal((token.Authority, token.Node, token.Address), (read.Authority, read.Node, read.Address));
    }

    [Fact]
    public void A_terminal_that_broke_the_line_or_a_person_that_shouted_does_no_harm()
    {
        var text = token.Text();
        Assert.Equal("node-2", JoinToken.Parse($"  {text[..40]}\r\n{text[40..]} ").Value.Node);
        Assert.Equal("node-2", JoinToken.Parse(text.ToUpperInvariant()).Value.Node);
    }

    [Fact]
    public void Every_word_that_was_cut_or_has_another_letter_is_noticed()
    {
        var text = token.Text();
        for (var length = 0; length < text.Length; length++) Assert.Equal("cluster.token-form", JoinToken.Parse(text[..length]).Problems.Single().Rule);
        for (var at = 0; at < text.Length; at++)
        {
            var other = text[..at] + (text[at] == 'b' ? 'c' : 'b') + text[(at + 1)..];
            Assert.False(JoinToken.Parse(other).IsOk, other);
        }

        Assert.False(JoinToken.Parse(text + "a").IsOk);
    }

    [Fact]
    public void Law10_what_is_written_of_it_by_accident_and_what_is_kept_of_it_has_no_secret()
    {
        Assert.DoesNotContain(token.Text()["hfjoin1.".Length..][..20], $"{token}", StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(Secret), JoinToken.HashOf(Secret), StringComparison.Ordinal);
    }

    [GeneratedRegex("^hfjoin1\\.[a-z2-7]+$")]
    private static partial Regex Word();
}
