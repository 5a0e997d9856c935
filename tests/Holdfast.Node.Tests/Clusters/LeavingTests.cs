using Holdfast.Core.Leadership;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>What others make of a node that says that it is about to go, and what the report says of powering nodes off.</summary>
public sealed class LeavingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Who_is_about_to_go_is_no_candidate_and_the_next_lease_knows_nothing_of_it()
    {
        var image = new TestImage();
        var service = new ServiceRecord { Name = "orders", Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = "x" };
        var placement = new PlacementDocument("orders", new PlacementSpec { Mode = PlacementMode.ActiveStandby }, ["node-1", "node-2"], "", Now);
        image.Put(StateKeys.Presence("node-1"), new Presence("node-1", 1, Now) { Leaving = "the machine goes down" }, StateJson.Default.DocumentPresence);
        image.Put(StateKeys.Presence("node-2"), new Presence("node-2", 2, Now), StateJson.Default.DocumentPresence);
        var candidates = LeadershipViews.Of(image.Now, service, placement, Now).Candidates;
        Assert.Equal("node-1 is about to go: the machine goes down", candidates.Single(c => c.Node == "node-1").Excluded);
        Assert.Equal(["node-2"], CandidateRanking.Rank(candidates).Select(c => c.Node));

        image.Put(StateKeys.Presence("node-1"), new Presence("node-1", 3, Now), StateJson.Default.DocumentPresence);
        Assert.All(LeadershipViews.Of(image.Now, service, placement, Now).Candidates, candidate => Assert.True(candidate.CanLead));
    }

    [Fact]
    public void The_report_says_which_nodes_can_be_powered_off_from_here()
    {
        var one = new FencingRules([new("node-2", ["/bin/true"], [], FenceCommand.UsuallyWithin)], TimeSpan.FromSeconds(4));
        Assert.Equal(
            [("ok", "node-1 has a command that powers node-2 off, and uses it by itself 4s after the last renewal of who leads"), ("warning", "node-1 has no command that powers node-3 off")],
            FencingCheck.Of(one, "node-1", ["node-2", "node-3"], []).Select(finding => (finding.Verdict, finding.What)));
        Assert.Equal(["ok"], FencingCheck.Of(FencingRules.None, "node-1", ["node-2"], []).Select(finding => finding.Verdict));
        var wrong = new Problem(ProblemKind.Refused, "trust.host-executable", "it is not pinned") { Mend = "pin it" };
        Assert.Equal(["failed", "ok"], FencingCheck.Of(one, "node-1", ["node-2"], [wrong, wrong]).Select(finding => finding.Verdict));
    }
}
