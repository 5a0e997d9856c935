using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

/// <summary>When what was sent earlier proves nothing any more.</summary>
public sealed class ClockReadingTests
{
    private static readonly ClockReading Before = new(new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero), At(1000), At(900), "1");

    [Fact]
    public void Time_that_passes_is_no_doubt_however_much_of_it() => Assert.Null(Later(3600, 3600, 3600).WhyDoubt(Before));

    [Theory]
    [InlineData(0.9)]
    [InlineData(-0.9)]
    public void Clocks_that_are_corrected_a_little_are_none(double seconds) => Assert.Null(Later(2 + seconds, 2, 2).WhyDoubt(Before));

    [Fact]
    public void A_suspend_that_time_of_day_and_time_since_boot_both_count_is_seen()
    {
        var doubt = Later(62, 62, 2).WhyDoubt(Before);
        Assert.Equal("the machine was suspended for 60 s", doubt);
    }

    [Theory]
    [InlineData(3600, "by 3600 s")]
    [InlineData(-1800, "by -1800 s")]
    public void A_time_of_day_that_was_set_is_seen(double seconds, string told) => Assert.Contains(told, Later(2 + seconds, 2, 2).WhyDoubt(Before), StringComparison.Ordinal);

    [Fact]
    public void Another_virtual_machine_is_seen_whatever_its_clocks_say()
    {
        Assert.Contains("put back to a snapshot", (Later(2, 2, 2) with { Generation = "2" }).WhyDoubt(Before), StringComparison.Ordinal);
        Assert.Null((Before with { Generation = null }).WhyDoubt(Before with { Generation = null }));
    }

    [Fact]
    public void All_doubts_are_told_at_once()
    {
        var doubt = (Later(100, 62, 2) with { Generation = "2" }).WhyDoubt(Before);
        Assert.Contains("suspended", doubt, StringComparison.Ordinal);
        Assert.Contains("time of day", doubt, StringComparison.Ordinal);
        Assert.Contains("snapshot", doubt, StringComparison.Ordinal);
    }

    private static ClockReading Later(double wall, double boot, double awake) => new(Before.Wall + At(wall), Before.Boot + At(boot), Before.Awake + At(awake), "1");

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
