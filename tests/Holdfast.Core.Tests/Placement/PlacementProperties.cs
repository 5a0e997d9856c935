using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Placement;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Placement;

public sealed class PlacementProperties
{
    private static readonly Config Clusters = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void Asked_again_about_its_own_result_it_changes_nothing() => InEach((cluster, service) =>
    {
        var first = cluster.Decide(service);
        var second = cluster.Decide(service with { Placement = first.Placement });
        Assert.False(second.Changes, second.Reason);
        Assert.Equal(first.Placement.Nodes, second.Placement.Nodes);
        Assert.Equal(first.Missing, second.Missing);
    });

    [Fact]
    public void Everybody_who_asks_gets_the_same_answer() => InEach((cluster, service) =>
    {
        var one = cluster.Decide(service);
        var other = RandomCluster.Decide(service with { Placement = new(cluster.Shuffled(service.Placement.Nodes)) }, cluster.Shuffled(cluster.Nodes), cluster.Shuffled(cluster.Others(service)));
        Assert.Equal(one.Placement.Nodes, other.Placement.Nodes);
        Assert.Equal(one.Refusals.OrderBy(refusal => refusal.Key).Select(refusal => refusal.Key), other.Refusals.Keys.Order());
    });

    [Fact]
    public void What_is_new_on_a_node_may_be_there() => InEach((cluster, service) =>
    {
        var decision = cluster.Decide(service);
        Assert.Equal(decision.Placement.Nodes.Distinct(), decision.Placement.Nodes);
        Assert.All(decision.Joining, name =>
        {
            var node = cluster.Nodes.Single(node => node.Name == name);
            Assert.Null(Owners.Exclusion(service.Service, service.Spec, node, cluster.Others(service), has: false));
            Assert.True(node.IsAlive || service.Spec.Mode == PlacementMode.ActiveStandby);
        });
        Assert.All(cluster.Nodes.Where(node => decision.Placement.Has(node.Name)), node => Assert.DoesNotContain(node.Name, decision.Refusals.Keys));
    });

    [Fact]
    public void Nothing_is_moved_without_need() => InEach((cluster, service) =>
    {
        var decision = cluster.Decide(service);
        var (right, free) = (Right(cluster, service), Free(cluster, service));
        if (service.Spec.Mode != PlacementMode.Replicas)
        {
            Assert.DoesNotContain(decision.Leaving, right.Contains);
            return;
        }

        var wanted = service.Spec.Replicas;
        Assert.Equal(Math.Max(0, right.Count - wanted), decision.Leaving.Count(right.Contains));
        Assert.Equal(Math.Min(free.Count, Math.Max(0, wanted - right.Count)), decision.Joining.Count);
        Assert.True(decision.Placement.Nodes.Count <= wanted);
        // What could have stayed, if not well, left only because another came.
        var unwell = cluster.Nodes.Where(node => service.Placement.Has(node.Name) && !right.Contains(node.Name) && node.Eligibility is not NodeEligibility.Drained)
            .Where(node => Owners.Exclusion(service.Service, service.Spec, node with { Eligibility = new NodeEligibility.Active() }, cluster.Others(service), has: true) is null);
        if (unwell.Any(node => decision.Leaving.Contains(node.Name))) Assert.Equal(wanted, decision.Placement.Nodes.Count);
    });

    [Fact]
    public void Services_that_decide_in_turn_come_to_rest_and_none_is_with_what_it_is_never_with() => Check.One(Clusters, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var cluster = new RandomCluster(seed);
        cluster.Rest();
        // Who may lead is no matter of where it runs.
        var running = cluster.Services.Where(service => service.Spec.Mode != PlacementMode.ActiveStandby).ToList();
        foreach (var service in running)
            Assert.All(running.Where(other => service.Spec.NeverWith.Contains(other.Service)), other => Assert.Empty(service.Placement.Nodes.Intersect(other.Placement.Nodes)));
    }));

    [Fact]
    public void What_is_found_by_what_is_asked_decides_as_all_other_services_do() => Check.One(Clusters, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var cluster = new RandomCluster(seed);
        List<PlacedService> services = [.. cluster.Services.Select(service => service with { Leader = service.Placement.Nodes is [var leader, ..] ? leader : null })];
        // What was said before leaves nothing behind.
        var placed = new PlacedServices(services.Select(service => service with { Placement = new(["n1"]), Leader = "n1", Spec = service.Spec with { Avoid = ["orders", "stock"], NeverWith = ["billing"] } }));
        foreach (var service in services) placed.Put(service);
        foreach (var service in services)
        {
            // By name, as they are read: the first that stands in the way is the one that is told.
            List<OtherPlacement> others = [.. services.Where(other => other.Service != service.Service).OrderBy(other => other.Service, StringComparer.Ordinal).Select(other => other.AsOther)];
            var all = RandomCluster.Decide(service, cluster.Nodes, others);
            var found = placed.Decide(service.Service, service.Spec, service.Placement, cluster.Nodes, Cluster.Noon);
            Assert.Equal(all.Placement.Nodes, found.Placement.Nodes);
            Assert.Equal((all.Reason, all.Missing), (found.Reason, found.Missing));
            Assert.Equal(all.Refusals.OrderBy(refusal => refusal.Key, StringComparer.Ordinal), found.Refusals.OrderBy(refusal => refusal.Key, StringComparer.Ordinal));
            List<string> names = [.. cluster.Nodes.Select(node => node.Name)];
            Assert.Equal(names.Where(name => Owners.Avoided(service.Service, service.Spec, name, others) > 0), placed.Avoided(service.Service, service.Spec, names));
        }
    }));

    [Fact]
    public void What_would_happen_is_what_happens() => Check.One(Clusters, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var cluster = new RandomCluster(seed);
        cluster.Rest();
        foreach (var loss in WhatIf.EachNodeLost(cluster.Nodes, cluster.Services, Cluster.Noon))
        {
            Assert.Contains(cluster.Nodes, node => node.Name == loss.Node && node.IsAlive);
            Assert.All(loss.Services, service =>
            {
                Assert.DoesNotContain(loss.Node, service.To);
                Assert.All(service.To, to => Assert.Contains(cluster.Nodes, node => node.Name == to && node.IsAlive && node.IsActive));
                Assert.True(cluster.Services.Single(one => one.Service == service.Service).Placement.Has(loss.Node));
                Assert.StartsWith(service.Service + " ", service.Says, StringComparison.Ordinal);
            });
        }
    }));

    /// <summary>What is well where it is.</summary>
    private static HashSet<string> Right(RandomCluster cluster, PlacedService service) =>
    [
        .. cluster.Nodes
            .Where(node => service.Placement.Has(node.Name) && Owners.Exclusion(service.Service, service.Spec, node, cluster.Others(service), has: true) is null)
            .Where(node => service.Spec.Mode != PlacementMode.Replicas || node.Presence is not NodePresence.Lost lost || Cluster.Noon - lost.Since < service.Spec.MoveAfter)
            .Select(node => node.Name),
    ];

    private static HashSet<string> Free(RandomCluster cluster, PlacedService service) =>
    [
        .. cluster.Nodes
            .Where(node => node.IsAlive && !service.Placement.Has(node.Name) && Owners.Exclusion(service.Service, service.Spec, node, cluster.Others(service), has: false) is null)
            .Select(node => node.Name),
    ];

    private static void InEach(Action<RandomCluster, PlacedService> holds) => Check.One(Clusters, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var cluster = new RandomCluster(seed);
        holds(cluster, cluster.Services[seed % cluster.Services.Count]);
    }));
}
