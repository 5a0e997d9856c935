using Holdfast.Core.Packages;

namespace Holdfast.Core.Tests.Packages;

public sealed class FilePatternTests
{
    [Theory]
    [InlineData("bin/**", "bin/a", true)]
    [InlineData("bin/**", "bin/a/b/c", true)]
    [InlineData("bin/**", "binary/a", false)]
    [InlineData("bin/**", "bin/.git/x", false)]
    [InlineData("bin", "bin/a/b", true)]
    [InlineData("bin/", "bin/a", true)]
    [InlineData("./bin", "bin/a", true)]
    [InlineData("bin", "bin/.x", false)]
    [InlineData("bin/.x", "bin/.x", true)]
    [InlineData(".config/**", ".config/a", true)]
    [InlineData("*.json", "a.json", true)]
    [InlineData("*.json", "d/a.json", false)]
    [InlineData("*.json", ".a.json", false)]
    [InlineData(".*", ".env", true)]
    [InlineData("**/*.json", "a.json", true)]
    [InlineData("**/*.json", "d/e/a.json", true)]
    [InlineData("**/*.json", ".d/a.json", false)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("a/**/z", "a/b/c/y", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("A", "a", false)]
    [InlineData(".", "a/b", true)]
    [InlineData(".", "a/.b", false)]
    public void A_pattern_matches_what_its_reader_expects(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new FilePattern(pattern).Matches(path));
}
