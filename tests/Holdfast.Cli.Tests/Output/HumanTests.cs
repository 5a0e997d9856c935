using Holdfast.Cli.Output;

namespace Holdfast.Cli.Tests.Output;

public sealed class HumanTests
{
    [Theory]
    [InlineData(-1, "")]
    [InlineData(0, "0B")]
    [InlineData(1023, "1023B")]
    [InlineData(10_276_045, "9.8MiB")]
    [InlineData(536_870_912, "512MiB")]
    [InlineData(3L << 40, "3.0TiB")]
    [InlineData(5000L << 40, "5000TiB")]
    public void Sizes(long bytes, string text) => Assert.Equal(text, Human.Size(bytes));

    [Theory]
    [InlineData(-3, "0s")]
    [InlineData(12, "12s")]
    [InlineData(303, "5m3s")]
    [InlineData(7800, "2h10m")]
    [InlineData(273_600, "3d4h")]
    public void Durations(int seconds, string text) => Assert.Equal(text, Human.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(-1, "")]
    [InlineData(0.003, "0.3%")]
    [InlineData(1.5, "150.0%")]
    public void Shares(double cores, string text) => Assert.Equal(text, Human.Share(cores));
}
