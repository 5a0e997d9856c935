using Holdfast.Core.Toolchains;

namespace Holdfast.Core.Tests.Toolchains;

public sealed class GoVersionTests
{
    [Theory]
    [InlineData("1.19", "1.19")]
    [InlineData("go1.19.0", "1.19")]
    [InlineData("1.19.8", "1.19.8")]
    [InlineData("1.21", "1.21")]
    [InlineData("go1.21.0", "1.21.0")]
    [InlineData("1.22rc1", "1.22rc1")]
    [InlineData("1.4beta1", "1.4beta1")]
    [InlineData("go1.21.3-custom", "1.21.3-custom")]
    [InlineData("1", "1.0")]
    public void A_version_is_written_as_Go_writes_it(string given, string written)
    {
        Assert.True(GoVersion.TryParse(given, out var version));
        Assert.Equal(written, version.ToString());
        Assert.True(GoVersion.TryParse(written, out var again));
        Assert.Equal(version, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("1.22.")]
    [InlineData("1.022")]
    [InlineData("v1.22.1")]
    [InlineData("1.22.1rc1")]
    [InlineData("1.22.1\n")]
    [InlineData("1.22.1/../x")]
    [InlineData("1.99999999999")]
    [InlineData("devel go1.23-abcdef")]
    public void What_is_no_version_is_refused(string given)
    {
        Assert.False(GoVersion.TryParse(given, out _));
        Assert.Equal("toolchain.version", Assert.Single(GoVersion.Parse(given).Problems).Rule);
    }

    /// <summary>The order of Go's own internal/gover.</summary>
    [Fact]
    public void Versions_are_ordered_as_Go_orders_them()
    {
        string[] order = ["1.4beta1", "1.4rc1", "1.4", "1.4.1", "1.9", "1.19rc2", "1.19", "1.19.8", "1.20", "1.21", "1.21rc2", "1.21rc10", "1.21.0", "1.21.3", "1.21.3-custom", "1.22", "1.22beta1", "1.22rc1", "1.22.0", "1.22.10", "2.0"];
        var versions = order.Select(text => GoVersion.Parse(text).Value).ToArray();

        Assert.Equal(order, versions.Reverse().Order().Select(version => version.ToString()));
        for (var i = 1; i < versions.Length; i++)
        {
            Assert.True(versions[i - 1] < versions[i], $"{versions[i - 1]} < {versions[i]}");
            Assert.False(versions[i - 1] >= versions[i]);
        }
    }

    [Theory]
    [InlineData("1.22", "1.22.1", true)]
    [InlineData("1.22", "1.22rc1", false)]
    [InlineData("1.22", "1.22.1-custom", false)]
    [InlineData("1.22.1", "1.22.1-custom", false)]
    [InlineData("1.22.1", "1.22.2", false)]
    [InlineData("1.19", "1.19.8", false)]
    public void A_line_is_answered_by_its_releases_and_a_version_by_itself(string asked, string given, bool admits) =>
        Assert.Equal(admits, GoVersion.Parse(asked).Value.Admits(GoVersion.Parse(given).Value));
}
