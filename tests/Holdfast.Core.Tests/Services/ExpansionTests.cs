using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Services;

public sealed class ExpansionTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("-port=${ports.http}", "-port=8080")]
    [InlineData("${ports.http}:${ports.http}", "8080:8080")]
    [InlineData("$${ports.http}", "${ports.http}")]
    [InlineData("cost: 5$", "cost: 5$")]
    [InlineData("$$", "$$")]
    [InlineData("${other}", "${other}")]
    public void Known_names_are_replaced_and_the_rest_is_left(string text, string expected) =>
        Assert.Equal(expected, Expansion.Expand(text, name => name == "ports.http" ? "8080" : null));

    [Fact]
    public void A_value_is_not_expanded_again() =>
        Assert.Equal("${a}", Expansion.Expand("${b}", name => name == "b" ? "${a}" : "endless"));

    [Fact]
    public void Names_tells_all_that_a_text_uses() =>
        Assert.Equal(["a", "ports.b", "unclosed"], Expansion.Names("${a} $${no} ${ports.b} ${unclosed"));
}
