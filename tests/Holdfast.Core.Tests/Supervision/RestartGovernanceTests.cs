using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

public sealed class RestartGovernanceTests
{
    private static readonly RestartCause.Exit Crash = new(new ExitInfo(1, null, false, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Law05_the_defaults_are_0_1_and_5_seconds_and_then_failed()
    {
        var ledger = RestartLedger.Empty;
        var delays = new List<double>();
        for (var second = 0; second < 3; second++)
        {
            var restart = Assert.IsType<RestartDecision.Restart>(RestartGovernance.Decide(ledger, new RestartSpec(), Crash, At(second)));
            delays.Add(restart.Delay.TotalSeconds);
            ledger = restart.Ledger;
        }

        Assert.Equal([0, 1, 5], delays);
        var end = Assert.IsType<RestartDecision.GiveUp>(RestartGovernance.Decide(ledger, new RestartSpec(), Crash, At(4)));
        Assert.Equal("exit code 1: given up after 3 restarts within 10 min", end.Reason);
    }

    [Fact]
    public void The_last_delay_repeats()
    {
        var spec = new RestartSpec { Attempts = 5, Delays = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)] };
        var ledger = RestartLedger.Empty;
        TimeSpan last = default;
        for (var i = 0; i < 5; i++)
        {
            var restart = Assert.IsType<RestartDecision.Restart>(RestartGovernance.Decide(ledger, spec, Crash, At(i)));
            (ledger, last) = (restart.Ledger, restart.Delay);
        }

        Assert.Equal(TimeSpan.FromSeconds(2), last);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.5, 12.5)]
    [InlineData(1, 15)]
    public void Jitter_lengthens_a_delay_by_its_share(double chance, double seconds)
    {
        var spec = new RestartSpec { Delays = [TimeSpan.FromSeconds(10)], Jitter = 0.5 };
        var restart = Assert.IsType<RestartDecision.Restart>(RestartGovernance.Decide(RestartLedger.Empty, spec, Crash, At(0) with { Chance = chance }));
        Assert.Equal(seconds, restart.Delay.TotalSeconds, 6);
    }

    [Theory]
    [InlineData(RestartPolicy.Always, 0, typeof(RestartDecision.Restart))]
    [InlineData(RestartPolicy.OnFailure, 0, typeof(RestartDecision.Complete))]
    [InlineData(RestartPolicy.Never, 0, typeof(RestartDecision.Complete))]
    [InlineData(RestartPolicy.Always, 1, typeof(RestartDecision.Restart))]
    [InlineData(RestartPolicy.OnFailure, 1, typeof(RestartDecision.Restart))]
    [InlineData(RestartPolicy.Never, 1, typeof(RestartDecision.GiveUp))]
    [InlineData(RestartPolicy.Always, 78, typeof(RestartDecision.GiveUp))]
    [InlineData(RestartPolicy.OnFailure, 78, typeof(RestartDecision.GiveUp))]
    [InlineData(RestartPolicy.OnFailure, 9, typeof(RestartDecision.Restart))]
    [InlineData(RestartPolicy.Never, 9, typeof(RestartDecision.Complete))]
    public void Policy_and_code_class_decide_together(RestartPolicy policy, int code, Type expected)
    {
        var spec = new RestartSpec { Policy = policy, SuccessCodes = [0, 9], RetryCodes = [9], PermanentCodes = [78] };
        var cause = new RestartCause.Exit(new ExitInfo(code, null, false, DateTimeOffset.UnixEpoch));
        Assert.IsType(expected, RestartGovernance.Decide(RestartLedger.Empty, spec, cause, At(0)));
    }

    [Fact]
    public void Restarts_are_counted_by_reason_and_a_renewed_ledger_keeps_that_count()
    {
        var one = Assert.IsType<RestartDecision.Restart>(RestartGovernance.Decide(RestartLedger.Empty, new RestartSpec(), Crash, At(0)));
        var two = Assert.IsType<RestartDecision.Restart>(RestartGovernance.Decide(one.Ledger, new RestartSpec(), new RestartCause.Watchdog("late"), At(1)));
        Assert.Equal(2, two.Ledger.Restarts);
        Assert.Equal(1, two.Ledger.ByReason["exit"]);
        Assert.Equal(1, two.Ledger.ByReason["watchdog"]);

        var renewed = two.Ledger.Renewed();
        Assert.Equal((0, 0, 2), (renewed.Restarts, renewed.Attempts.Count, (int)renewed.ByReason.Values.Sum()));
    }

    [Fact]
    public void Law05_a_reboot_keeps_the_age_of_every_attempt()
    {
        var ledger = new RestartLedger { Attempts = [TimeSpan.FromSeconds(1000), TimeSpan.FromSeconds(1060)] };
        var rebased = ledger.Rebased(written: TimeSpan.FromSeconds(1100), now: TimeSpan.FromSeconds(20));
        Assert.Equal([-80, -20], rebased.Attempts.Select(a => a.TotalSeconds));
    }

    [Fact]
    public void Health_that_lasted_long_enough_forgives_and_shorter_health_does_not()
    {
        var spec = new RestartSpec { ResetAfter = TimeSpan.FromMinutes(1) };
        var ledger = new RestartLedger { Attempts = [TimeSpan.FromSeconds(5)] };
        var healthy = RestartGovernance.Healthy(ledger, TimeSpan.FromSeconds(10));
        Assert.Single(RestartGovernance.Unhealthy(healthy, spec, TimeSpan.FromSeconds(69)).Attempts);
        Assert.Empty(RestartGovernance.Unhealthy(healthy, spec, TimeSpan.FromSeconds(70)).Attempts);
    }

    private static Moment At(double seconds) => new(TimeSpan.FromSeconds(seconds), DateTimeOffset.UnixEpoch.AddSeconds(seconds));
}
