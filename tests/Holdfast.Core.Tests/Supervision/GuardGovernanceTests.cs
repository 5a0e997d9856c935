using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

public sealed class GuardGovernanceTests
{
    private static readonly ExitInfo Killed = new(null, "SIGKILL", CoreDumped: false, DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_supervisor_that_was_killed_is_started_again_at_once_then_slower_and_without_end()
    {
        var (deaths, delays) = (0, new List<double>());
        for (var time = 0; time < 100; time++)
        {
            var next = Assert.IsType<GuardDecision.Start>(GuardGovernance.Decide(new(Killed, OnPurpose: false, Served: true, TimeSpan.FromSeconds(1)), deaths));
            deaths = next.Deaths;
            delays.Add(next.Delay.TotalSeconds);
        }

        Assert.Equal([0, 1, 5, 5], delays.Take(4));
        Assert.All(delays.Skip(4), delay => Assert.Equal(5, delay));
    }

    [Fact]
    public void One_that_had_settled_makes_the_delays_begin_anew()
    {
        var next = Assert.IsType<GuardDecision.Start>(GuardGovernance.Decide(new(Killed, OnPurpose: false, Served: true, GuardGovernance.Settled), 50));
        Assert.Equal((TimeSpan.Zero, 1), (next.Delay, next.Deaths));
    }

    [Theory]
    [InlineData(ExitCode.Ok, true, 3)]
    [InlineData(ExitCode.Conflict, false, 3)]
    [InlineData(ExitCode.Refused, false, 0)]
    [InlineData(ExitCode.BadInput, false, 0)]
    public void What_another_try_would_not_mend_ends_the_guard_with_its_code(int code, bool served, int deaths)
    {
        var end = Assert.IsType<GuardDecision.End>(GuardGovernance.Decide(new(new(code, null, false, DateTimeOffset.UnixEpoch), OnPurpose: false, served, TimeSpan.Zero), deaths));
        Assert.Equal(code, end.ExitCode);
    }

    [Theory]
    [InlineData(ExitCode.Bug, false, 0)]
    [InlineData(ExitCode.Failed, true, 0)]
    [InlineData(ExitCode.Failed, false, 1)]
    public void What_may_pass_is_tried_again(int code, bool served, int deaths) =>
        Assert.IsType<GuardDecision.Start>(GuardGovernance.Decide(new(new(code, null, false, DateTimeOffset.UnixEpoch), OnPurpose: false, served, TimeSpan.Zero), deaths));

    [Fact]
    public void A_guard_that_is_not_the_parent_goes_by_what_the_supervisor_has_said()
    {
        Assert.IsType<GuardDecision.End>(GuardGovernance.Decide(new(null, OnPurpose: true, Served: false, TimeSpan.Zero), 0));
        Assert.IsType<GuardDecision.Start>(GuardGovernance.Decide(new(null, OnPurpose: false, Served: true, TimeSpan.Zero), 0));
    }
}
