using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Tests.Supervision;

namespace Holdfast.Core.Tests.Health;

public sealed class HealthMachineTests
{
    private static readonly ProbeSpec Every10 = new() { Tcp = new TcpProbe("http"), Failures = 3 };

    [Fact]
    public void Startup_gates_readiness_and_is_not_asked_again_after_its_success()
    {
        var spec = Plans.Spec with { Health = new HealthSpec { Startup = Every10, Readiness = Every10 } };
        var health = HealthMachine.Begin(spec, HealthRecord.Unknown, TimeSpan.Zero);
        Assert.Equal([ProbeName.Startup], HealthMachine.Due(health, TimeSpan.Zero, out health));
        health = Judge(spec, health, ProbeName.Startup, true, 1);
        Assert.Equal([ProbeName.Readiness], HealthMachine.Due(health, TimeSpan.FromHours(1), out _));
        Assert.False(HealthMachine.IsReady(spec, health));
    }

    [Fact]
    public void Eager_runs_do_not_use_up_the_failures_before_their_time()
    {
        var spec = Plans.Spec with { Health = new HealthSpec { Startup = Every10 } };
        var health = HealthMachine.Begin(spec, HealthRecord.Unknown, TimeSpan.Zero);
        var now = TimeSpan.Zero;
        var runs = 0;
        while (HealthMachine.Verdict(health, out _) is null)
        {
            now = HealthMachine.NextDue(health)!.Value;
            HealthMachine.Due(health, now, out health);
            health = HealthMachine.Judge(spec, health, ProbeName.Startup, new ProbeVerdict(false, "nobody listens", TimeSpan.Zero), now, DateTimeOffset.UnixEpoch);
            runs++;
        }

        Assert.InRange(now.TotalSeconds, 20, 30);
        Assert.InRange(runs, 8, 13);
    }

    [Fact]
    public void A_success_in_between_breaks_the_row()
    {
        var spec = Plans.Spec with { Health = new HealthSpec { Liveness = Every10 } };
        var health = HealthMachine.BecomeReady(spec, HealthMachine.Begin(spec, HealthRecord.Unknown, TimeSpan.Zero), TimeSpan.Zero);
        health = Judge(spec, health, ProbeName.Liveness, true, 0);
        foreach (var (succeeds, at) in new[] { (false, 10), (false, 20), (true, 30), (false, 40), (false, 50) })
            health = Judge(spec, health, ProbeName.Liveness, succeeds, at);
        Assert.Null(HealthMachine.Verdict(health, out _));
        Assert.Contains("liveness probe failed 3 times in a row", HealthMachine.Verdict(Judge(spec, health, ProbeName.Liveness, false, 60), out _));
    }

    [Fact]
    public void A_verdict_that_nobody_asked_for_means_nothing()
    {
        var spec = Plans.Spec with { Health = new HealthSpec { Readiness = Every10 } };
        var health = HealthMachine.Begin(spec, HealthRecord.Unknown, TimeSpan.Zero);
        Assert.Same(health, HealthMachine.Judge(spec, health, ProbeName.Readiness, new ProbeVerdict(true, null, TimeSpan.Zero), TimeSpan.Zero, DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Counts_go_on_over_restarts_and_streaks_do_not()
    {
        var spec = Plans.Spec with { Health = new HealthSpec { Readiness = Every10 } };
        var health = Judge(spec, HealthMachine.Begin(spec, HealthRecord.Unknown, TimeSpan.Zero), ProbeName.Readiness, false, 0);
        var again = HealthMachine.Begin(spec, HealthMachine.End(health), TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1, 0), ((int)again.Readiness!.Runs, (int)again.Readiness.FailedRuns, again.Readiness.FailuresInARow));
    }

    private static HealthRecord Judge(ServiceSpec spec, HealthRecord health, ProbeName probe, bool succeeds, double at)
    {
        HealthMachine.Due(health, TimeSpan.FromDays(1), out health);
        return HealthMachine.Judge(spec, health, probe, new ProbeVerdict(succeeds, succeeds ? null : "no", TimeSpan.Zero), TimeSpan.FromSeconds(at), DateTimeOffset.UnixEpoch);
    }
}
