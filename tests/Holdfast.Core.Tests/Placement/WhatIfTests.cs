using Holdfast.Core.Placement;
using Holdfast.Core.Services;
using static Holdfast.Core.Tests.Placement.Cluster;

namespace Holdfast.Core.Tests.Placement;

public sealed class WhatIfTests
{
    private static readonly PlacementSpec ActiveStandby = new() { Mode = PlacementMode.ActiveStandby };

    [Fact]
    public void It_says_for_each_node_where_everything_would_go()
    {
        PlacedService[] services =
        [
            new("ledger", ActiveStandby with { Preferred = ["n1", "n3"] }, On("n1", "n3", "n2"), "n1"),
            new("orders", Replicas(2), On("n1", "n2")),
            new("agent", new PlacementSpec { Mode = PlacementMode.Everywhere }, On("n1", "n2", "n3")),
        ];

        var losses = WhatIf.EachNodeLost(Nodes("n1", "n2", "n3"), services, Noon);

        Assert.Equal(["n1: ledger fails over to n3", "n1: orders moves to n3", "n2: orders moves to n3"], Said(losses));
        Assert.DoesNotContain(losses.SelectMany(loss => loss.Services), one => one.HasNowhereToGo);
    }

    [Fact]
    public void It_says_what_would_have_nowhere_to_go_and_why()
    {
        PlacedService[] services =
        [
            new("ledger", ActiveStandby with { Possible = ["n1", "n2"] }, On("n1", "n2"), "n1"),
            new("orders", Replicas(1) with { Labels = new Dictionary<string, string> { ["zone"] = "a" } }, On("n1")),
        ];
        IReadOnlyList<NodeFacts> nodes = [Node("n1", ("zone", "a")), Node("n2").Drained(), Node("n3", ("zone", "b"))];

        var loss = WhatIf.EachNodeLost(nodes, services, Noon)[0];

        Assert.Equal(
            [
                "n1: ledger has nowhere to go: n2 is drained (new disks); n3 is not a possible owner",
                "n1: orders has nowhere to go: n2 has no label zone; n3 has zone=b, not a",
            ],
            Said([loss]));
        Assert.Contains(loss.Services, one => one.HasNowhereToGo);
    }

    [Fact]
    public void A_lost_standby_is_no_failover_but_said_if_it_was_the_last()
    {
        var services = new[] { new PlacedService("ledger", ActiveStandby, On("n1", "n2"), "n1") };
        Assert.Equal(["n1: ledger fails over to n2", "n2: ledger stays on n1, and has nobody left to fail over to"], Said(WhatIf.EachNodeLost(Nodes("n1", "n2"), services, Noon)));
        Assert.Equal(["n1: ledger fails over to n2"], Said(WhatIf.EachNodeLost(Nodes("n1", "n2", "n3"), [services[0] with { Placement = On("n1", "n2", "n3") }], Noon)));
    }

    [Fact]
    public void A_node_that_is_lost_already_stands_in_for_nobody()
    {
        var nodes = Nodes("n1", "n2").With("n2", n => n.LostFor(5));
        var losses = WhatIf.EachNodeLost(nodes, [new("ledger", ActiveStandby, On("n1", "n2"), "n1")], Noon);
        Assert.Equal(["n1: ledger has nowhere to go: n2 has been lost since 2026-11-26 11:59:55Z"], Said(losses));
    }

    [Fact]
    public void What_fails_over_is_seen_by_what_is_moved_after_it()
    {
        PlacedService[] services =
        [
            new("batch", Replicas(1) with { Avoid = ["ledger"] }, On("n1")),
            new("ledger", ActiveStandby with { Possible = ["n1", "n2"] }, On("n1", "n2"), "n1"),
        ];

        // By its name batch would go to n2, but ledger is there by then.
        Assert.Equal(["n1: ledger fails over to n2", "n1: batch moves to n3"], Said([WhatIf.EachNodeLost(Nodes("n1", "n2", "n3"), services, Noon)[0]]));
    }

    [Fact]
    public void What_it_is_never_with_is_no_place_to_go()
    {
        PlacedService[] services = [new("batch", Replicas(1) with { NeverWith = ["orders"] }, On("n1")), new("orders", Replicas(1), On("n2"))];
        Assert.Equal(
            ["n1: batch has nowhere to go: n2 has orders, which it is never with", "n2: orders has nowhere to go: n1 has batch, which it is never with"],
            Said(WhatIf.EachNodeLost(Nodes("n1", "n2"), services, Noon)));
    }

    [Fact]
    public void A_cluster_of_one_has_no_other_node() =>
        Assert.Equal(["n1: orders has nowhere to go: there is no other node"], Said(WhatIf.EachNodeLost(Nodes("n1"), [new("orders", Replicas(1), On("n1"))], Noon)));

    private static List<string> Said(IReadOnlyList<NodeLoss> losses) => [.. losses.SelectMany(loss => loss.Services.Select(service => $"{loss.Node}: {service.Says}"))];
}
