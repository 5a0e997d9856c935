using Holdfast.Core.Documents;

namespace Holdfast.Core.Tests.Documents;

public sealed class NearestTests
{
    [Theory]
    [InlineData("enviroment", "environment")]
    [InlineData("restrat", "restart")]
    [InlineData("Command", "command")]
    [InlineData("comand", "command")]
    [InlineData("replicas", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Finds_what_was_meant_and_does_not_guess(string word, string? meant) =>
        Assert.Equal(meant, Nearest.To(word, ["command", "environment", "restart", "health", "limits"]));

    [Fact]
    public void Of_two_that_are_equally_near_it_is_always_the_same() =>
        Assert.Equal("bat", Nearest.To("xat", ["cat", "bat"]));
}
