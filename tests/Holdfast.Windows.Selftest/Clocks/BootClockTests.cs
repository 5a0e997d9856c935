using Holdfast.Platform;

namespace Holdfast.Windows.Selftest.Clocks;

public sealed class BootClockTests
{
    [Fact]
    public void It_goes_forward_and_agrees_with_the_systems_uptime()
    {
        var before = BootClock.Instance.GetTimestamp();
        var uptime = TimeSpan.FromMilliseconds(OwnUptime.Milliseconds);
        var after = BootClock.Instance.GetTimestamp();
        Assert.True(after >= before);
        // Windows counts in steps of up to 16 ms.
        Assert.InRange(uptime.TotalSeconds, (before / 1e9) - 0.05, (after / 1e9) + 0.05);
    }

    [Fact]
    public void It_never_goes_back_within_ten_thousand_looks()
    {
        var last = BootClock.Instance.GetTimestamp();
        for (var i = 0; i < 10_000; i++)
        {
            var now = BootClock.Instance.GetTimestamp();
            Assert.True(now >= last);
            last = now;
        }
    }

    [Fact]
    public void The_boot_has_an_id_that_stays() => Assert.Equal(BootClock.BootId, BootClock.BootId);
}
