using Holdfast.Core.Leadership;
using Holdfast.Core.Placement;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Placement;

public sealed class FailbackMachineTests
{
    private static readonly PlacementSpec Immediate = new()
    {
        Mode = PlacementMode.ActiveStandby, Preferred = ["n1", "n2"], Failback = new(FailbackMode.Immediate),
    };

    private static readonly PlacementSpec AtNight = Immediate with { Failback = new(FailbackMode.Between, new TimeOnly(22, 0), new TimeOnly(4, 0)) };

    private static readonly IReadOnlyList<Candidate> Three = [Fit("n1"), Fit("n2"), Fit("n3")];

    private static readonly TimeOnly Noon = new(12, 0);

    [Fact]
    public void Immediate_goes_back_once_the_better_node_has_been_fit_for_30_seconds()
    {
        Assert.Equal((null, "n1 is preferred, and has not been fit for 30s yet"), Decide(Immediate, "n2", Three, 29.9));
        Assert.Equal(("n1", "n1 is preferred, and has been fit for 30s"), Decide(Immediate, "n2", Three, 30));
    }

    [Fact]
    public void Manual_stays()
    {
        Assert.Equal((null, "n1 is preferred, and failback is manual"), Decide(Immediate with { Failback = new(FailbackMode.Manual) }, "n3", Three, 3600));
        Assert.Equal(FailbackMode.Manual, new PlacementSpec().Failback.Mode);
    }

    [Theory]
    [InlineData("22:00", true)]
    [InlineData("23:59", true)]
    [InlineData("03:59", true)]
    [InlineData("04:00", false)]
    [InlineData("12:00", false)]
    [InlineData("21:59", false)]
    public void Hours_may_go_over_midnight(string time, bool moves)
    {
        var (to, reason) = Decide(AtNight, "n2", Three, 60, TimeOnly.ParseExact(time, "HH:mm"));
        Assert.Equal(moves ? "n1" : null, to);
        if (!moves) Assert.Equal("n1 is preferred, and failback is between 22:00 and 04:00", reason);
    }

    [Fact]
    public void Within_the_hours_a_node_has_to_have_been_fit_as_well() => Assert.Null(Decide(AtNight, "n2", Three, 10, new TimeOnly(23, 0)).To);

    [Fact]
    public void The_best_preferred_owner_stays_whatever_stands_by_better()
    {
        Assert.Equal("no better preferred owner than n1 can lead", Decide(Immediate, "n1", [Fit("n1"), Fit("n2") with { Standby = Standby.Hot }], 3600).Reason);
        // Owners that are not preferred are equals: there is nothing to go back to.
        Assert.Null(Decide(Immediate with { Preferred = [] }, "n2", Three, 3600).To);
    }

    [Fact]
    public void What_cannot_lead_is_not_gone_back_to()
    {
        Assert.Equal("n2", Decide(Immediate, "n3", [Fit("n1") with { Excluded = "it is drained" }, Fit("n2"), Fit("n3")], 60).To);
        Assert.Null(Decide(Immediate, "n2", [Fit("n1") with { Ready = false }, Fit("n2")], 60).To);
        Assert.Null(Decide(Immediate, "n2", [Fit("n2")], 60).To);
    }

    [Fact]
    public void The_best_is_waited_for_rather_than_moved_to_by_way_of_the_second_best()
    {
        var fit = new Dictionary<string, TimeSpan> { ["n1"] = TimeSpan.FromSeconds(5), ["n2"] = TimeSpan.FromHours(1) };
        Assert.Null(FailbackMachine.Decide(Immediate, "n3", Three, fit, Noon).MoveTo);
    }

    [Fact]
    public void A_node_of_which_nothing_is_known_is_waited_for() =>
        Assert.Null(FailbackMachine.Decide(Immediate, "n2", Three, new Dictionary<string, TimeSpan>(), Noon).MoveTo);

    private static Candidate Fit(string node) => new(node, 1, 9, Standby.Warm, true, null);

    private static (string? To, string Reason) Decide(PlacementSpec spec, string leader, IReadOnlyList<Candidate> candidates, double seconds, TimeOnly? time = null)
    {
        var decision = FailbackMachine.Decide(spec, leader, candidates, candidates.ToDictionary(one => one.Node, _ => TimeSpan.FromSeconds(seconds)), time ?? Noon);
        return (decision.MoveTo, decision.Reason);
    }
}
