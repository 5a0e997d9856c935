using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

/// <summary>When a node is powered off without anybody asking, and above all when not.</summary>
public sealed class FenceMachineTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);

    /// <summary>node-2 leads and is silent; node-1 has been there the longest.</summary>
    private static readonly FencePeer[] Three = [Peer(1), Peer(2, silent: 3, leads: true), Peer(3)];

    [Fact]
    public void A_leader_that_does_not_renew_is_fenced_by_the_node_that_does_what_one_alone_should()
    {
        var fence = Assert.IsType<FenceDecision.Fence>(Decide("node-1", Three));
        Assert.Equal("node-2", fence.Node);
        Assert.Contains("3s", fence.Why, StringComparison.Ordinal);
        Waits("it is node-1's", "node-3", Three);
    }

    [Fact]
    public void Where_that_node_is_the_silent_one_it_is_the_next()
    {
        FencePeer[] nodes = [Peer(1, silent: 3, leads: true), Peer(2), Peer(3)];
        Assert.Equal("node-1", Assert.IsType<FenceDecision.Fence>(Decide("node-2", nodes)).Node);
        Waits("it is node-2's", "node-3", nodes);
    }

    [Fact]
    public void SuseTid7022467_whose_own_lease_is_in_doubt_shoots_nobody() => Waits("node-1's own lease is in doubt", "node-1", Three, sure: false);

    [Fact]
    public void SuseTid7022467_of_two_nodes_the_silent_one_alone_is_fenced()
    {
        FencePeer[] two = [Peer(1), Peer(2, silent: 3, leads: true)];
        Assert.Equal("node-2", Assert.IsType<FenceDecision.Fence>(Decide("node-1", two)).Node);
        // The silent one sees the same, and is not sure of itself; where it is, it sees nobody else who is silent.
        Waits("all that are there renew", "node-2", two);
    }

    [Fact]
    public void Several_that_are_silent_at_once_are_no_machines_fault() => Waits("node-2, node-3 are silent at once", "node-1", [Peer(1), Peer(2, silent: 3, leads: true), Peer(3, silent: 2, leads: true), Peer(4), Peer(5)]);

    [Fact]
    public void Who_may_be_in_the_smaller_part_fences_nobody()
    {
        Waits("2 of 4 nodes are there", "node-1", [Peer(1), Peer(2, silent: 3, leads: true), Away(3), Away(4)]);
        Waits("2 of 5 nodes renew", "node-1", [Peer(1), Peer(2, silent: 3, leads: true), Peer(3), Away(4), Away(5)]);
    }

    [Fact]
    public void Nobody_is_fenced_for_whom_nobody_waits_or_who_renews()
    {
        Waits("leads nothing", "node-1", [Peer(1), Peer(2, silent: 3), Peer(3)]);
        Waits("all that are there renew", "node-1", [Peer(1), Peer(2, silent: 1.9, leads: true), Peer(3)]);
        Waits("all that are there renew", "node-1", [Peer(1), Away(2) with { Leads = true }, Peer(3)]);
        Waits("no command", "node-1", [Peer(1), Peer(2, silent: 3, leads: true) with { HasCommand = false }, Peer(3)]);
    }

    /// <summary>Renewals are a fifth of the lease apart: who configures less than that would shoot good nodes.</summary>
    [Fact]
    public void Nobody_is_silent_before_three_renewals_are_missing_whatever_is_configured()
    {
        FencePeer[] Long(double silent) => [Peer(1), Peer(2, silent, leads: true) with { Length = TimeSpan.FromSeconds(60) }, Peer(3)];
        Waits("all that are there renew", "node-1", Long(35.9));
        Assert.IsType<FenceDecision.Fence>(Decide("node-1", Long(36)));
    }

    [Fact]
    public void The_same_node_is_not_fenced_twice_in_a_row()
    {
        FencePeer[] Fenced(TimeSpan ago) => [Peer(1), Peer(2, silent: 3, leads: true) with { FencedAt = Now - ago }, Peer(3)];
        Waits("less than 10m ago", "node-1", Fenced(TimeSpan.FromMinutes(9)));
        Assert.IsType<FenceDecision.Fence>(Decide("node-1", Fenced(TimeSpan.FromMinutes(10))));
    }

    private static FencePeer Peer(int number, double silent = 0.4, bool leads = false) => new($"node-{number}", Now.AddHours(number), TimeSpan.FromSeconds(silent), TimeSpan.FromSeconds(3), leads, HasCommand: true, null);

    private static FencePeer Away(int number) => Peer(number) with { Silent = null };

    private static FenceDecision Decide(string self, FencePeer[] nodes, bool sure = true) => FenceMachine.Decide(new(self, sure, After, nodes, Now));

    private static void Waits(string why, string self, FencePeer[] nodes, bool sure = true) => Assert.Contains(why, Assert.IsType<FenceDecision.Wait>(Decide(self, nodes, sure)).Why, StringComparison.Ordinal);
}
