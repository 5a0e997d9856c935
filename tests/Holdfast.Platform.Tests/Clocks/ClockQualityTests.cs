namespace Holdfast.Platform.Tests.Clocks;

public sealed class ClockQualityTests
{
    [Fact]
    public void It_is_one_of_the_four() => Assert.Matches("^(synchronised within [0-9]+ms|synchronised|unsynchronised|unknown)$", ClockQuality.Read());

    [Fact]
    public void A_bound_is_rounded_up()
    {
        Assert.Equal("synchronised within 13ms", ClockQuality.Within(TimeSpan.FromMicroseconds(12_001)));
        Assert.Equal("synchronised within 0ms", ClockQuality.Within(TimeSpan.Zero));
    }
}
