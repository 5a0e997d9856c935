namespace Holdfast.Platform.Tests.Clocks;

public sealed class BootClockTests
{
    [Fact]
    public void It_goes_forward_and_agrees_with_the_kernels_uptime()
    {
        var before = BootClock.Instance.GetTimestamp();
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        var after = BootClock.Instance.GetTimestamp();
        Assert.True(after >= before);
        Assert.InRange(uptime, (before / 1e9) - 0.02, (after / 1e9) + 0.02);
        Assert.True(BootClock.Instance.GetElapsedTime(before, after) >= TimeSpan.Zero);
    }

    [Fact]
    public void Without_suspend_it_is_never_more_and_goes_on_as_fast()
    {
        var (awake, boot) = (BootClock.Awake, BootClock.SinceBoot);
        Assert.True(awake <= boot);
        // This machine is not suspended in the middle of a test.
        Assert.InRange((BootClock.SinceBoot - BootClock.Awake - (boot - awake)).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void The_boot_has_an_id() => Assert.True(Guid.TryParse(BootClock.BootId, out _));
}
