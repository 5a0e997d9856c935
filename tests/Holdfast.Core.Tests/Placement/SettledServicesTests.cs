using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Placement;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Placement;

/// <summary>What need not be asked about again, and what has to be.</summary>
public sealed class SettledServicesTests
{
    private static readonly NodeFacts First = new("n1", new NodePresence.Alive(), new NodeEligibility.Active()), Second = First with { Name = "n2" };
    private static readonly PlacementSpec Spec = new() { Mode = PlacementMode.ActiveStandby };

    private readonly SettledServices settled = new();

    [Fact]
    public void What_stays_is_not_asked_about_again_while_nothing_changes()
    {
        var orders = new PlacedService("orders", Spec, new(["n1", "n2"]));
        Assert.False(Look(orders, [First, Second]));
        Assert.True(Look(orders, [First, Second]));
        // Another one came that has nothing to do with it.
        Assert.True(Look(orders, [First, Second], new PlacedService("stock", Spec, new(["n1"]), "n1")));
        Assert.True(Look(orders, [First, Second]));

        // Its spec, its place, or a node is another.
        Assert.False(Look(orders with { Spec = Spec with { Possible = ["n1"] } }, [First, Second]));
        Assert.False(Look(orders with { Placement = new(["n1", "n2"]) }, [First, Second]));
        Assert.False(Look(orders, [First, Second with { Eligibility = new NodeEligibility.Drained("its disk") }]));
        Assert.False(Look(orders, [First, Second]));
        Assert.True(Look(orders, [First, Second]));
        settled.Forget();
        Assert.False(Look(orders, [First, Second]));
    }

    [Fact]
    public void What_is_near_others_or_waits_for_a_lost_node_is_asked_about_each_time()
    {
        var orders = new PlacedService("orders", Spec, new(["n1", "n2"]));
        var batch = new PlacedService("batch", Spec with { Avoid = ["orders"] }, new(["n1"]), "n1");
        Look(orders, [First, Second]);
        Assert.False(Look(orders, [First, Second], batch));
        Assert.False(Look(orders, [First, Second], batch));
        NodeFacts[] lost = [First, Second with { Presence = new NodePresence.Lost(Cluster.Noon) }];
        Look(orders, lost);
        Assert.False(Look(orders, lost));
    }

    /// <summary>Whatever happens in between: what is not asked about would have been answered the same.</summary>
    [Fact]
    public void What_is_not_asked_about_would_stay_where_it_is() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var (cluster, chance, memory) = (new RandomCluster(seed), new Random(seed), new SettledServices());
        NodeFacts[] nodes = [.. cluster.Nodes.Select(node => chance.Next(8) == 0 ? node : node with { Presence = new NodePresence.Alive() })];
        PlacedService[] services = [.. cluster.Services.Select(service => chance.Next(2) == 0 ? service : service with { Spec = service.Spec with { Avoid = [], NeverWith = [] } })];
        for (var look = 0; look < 8; look++)
        {
            var placed = new PlacedServices(services);
            memory.Begin([.. nodes]);
            for (var i = 0; i < services.Length; i++)
            {
                var service = services[i];
                var known = memory.Has(service.Service, service.Spec, service.Placement.Nodes, placed);
                var decision = placed.Decide(service.Service, service.Spec, service.Placement, nodes, Cluster.Noon.AddSeconds(10 * look));
                if (known)
                {
                    Assert.Equal(service.Placement.Nodes, decision.Placement.Nodes);
                    Assert.Null(decision.LookAgainAt);
                    Assert.Empty(placed.Avoided(service.Service, service.Spec, service.Placement.Nodes));
                    continue;
                }

                memory.Add(service.Service, service.Spec, service.Placement.Nodes, decision, placed);
                if (decision.Placement.Nodes.SequenceEqual(service.Placement.Nodes)) continue;
                services[i] = service with { Placement = decision.Placement };
                placed.Put(services[i]);
            }

            var (at, node) = (chance.Next(services.Length), chance.Next(nodes.Length));
            switch (chance.Next(6))
            {
                case 0: services[at] = services[at] with { Leader = $"n{chance.Next(1, 6)}" }; break;
                case 1: services[at] = services[at] with { Placement = new([$"n{chance.Next(1, 6)}"]) }; break;
                case 2: services[at] = services[at] with { Spec = services[at].Spec with { Replicas = chance.Next(1, 5) } }; break;
                case 3: nodes[node] = nodes[node] with { Eligibility = new NodeEligibility.Drained($"{look}") }; break;
                case 4: services[at] = services[at] with { Spec = services[at].Spec with { NeverWith = [services[(at + 1) % services.Length].Service] } }; break;
            }
        }
    }));

    /// <returns>Whether it was known to stay.</returns>
    private bool Look(PlacedService service, IReadOnlyList<NodeFacts> nodes, params PlacedService[] others)
    {
        var services = new PlacedServices([service, .. others]);
        settled.Begin(nodes);
        var known = settled.Has(service.Service, service.Spec, service.Placement.Nodes, services);
        var decision = services.Decide(service.Service, service.Spec, service.Placement, nodes, Cluster.Noon);
        if (!known) settled.Add(service.Service, service.Spec, service.Placement.Nodes, decision, services);
        return known;
    }
}
