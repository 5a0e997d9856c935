using Holdfast.Core.Placement;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Placement;

/// <summary>A cluster in any state, and services that are placed in it rightly or wrongly.</summary>
internal sealed class RandomCluster
{
    private static readonly string[] Names = ["billing", "batch", "orders", "reports", "stock"];

    private readonly Random random;

    public RandomCluster(int seed)
    {
        random = new(seed);
        Nodes = [.. Enumerable.Range(1, random.Next(1, 8)).Select(number => Node($"n{number}"))];
        Services = [.. Names[..random.Next(1, Names.Length + 1)].Select(name => new PlacedService(name, Spec(name), new(Some(["n1", "n2", "n3", "n4", "n5", "gone"]))))];
    }

    public IReadOnlyList<NodeFacts> Nodes { get; }

    public IReadOnlyList<PlacedService> Services { get; private set; }

    public PlacementDecision Decide(PlacedService service) => Decide(service, Nodes, Others(service));

    public static PlacementDecision Decide(PlacedService service, IReadOnlyList<NodeFacts> nodes, IReadOnlyList<OtherPlacement> others) =>
        PlacementMachine.Decide(service.Service, service.Spec, service.Placement, nodes, others, Cluster.Noon);

    public IReadOnlyList<OtherPlacement> Others(PlacedService service) => [.. Services.Where(other => other.Service != service.Service).Select(other => other.AsOther)];

    /// <summary>Services decide in turn, as agents do that write under the store's revision, until none changes anything.</summary>
    public void Rest()
    {
        for (var turns = 0; Turn(); turns++) Assert.True(turns < 20, "it does not come to rest");
    }

    private bool Turn()
    {
        var changed = false;
        foreach (var name in Services.Select(service => service.Service).ToList())
        {
            var service = Services.First(one => one.Service == name);
            var decision = Decide(service);
            changed |= decision.Changes;
            Services = [.. Services.Select(one => one.Service == name ? one with { Placement = decision.Placement } : one)];
        }

        return changed;
    }

    public IReadOnlyList<T> Shuffled<T>(IReadOnlyList<T> items)
    {
        var shuffled = items.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private NodeFacts Node(string name) => new(
        name,
        random.Next(3) > 0 ? new NodePresence.Alive() : new NodePresence.Lost(Cluster.Noon.AddSeconds(-random.Next(60))),
        random.Next(5) switch { 0 => new NodeEligibility.Drained("x"), 1 => new NodeEligibility.Quarantined("y"), _ => new NodeEligibility.Active() })
    {
        Labels = random.Next(3) == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["zone"] = random.Next(2) == 0 ? "a" : "b" },
    };

    private PlacementSpec Spec(string name) => new()
    {
        Mode = (PlacementMode)random.Next(3),
        Replicas = random.Next(1, 5),
        Preferred = Some(["n3", "n1", "n2"]),
        Possible = random.Next(3) == 0 ? ["n1", "n2", "n3", "n6"] : null,
        Labels = random.Next(4) == 0 ? new Dictionary<string, string> { ["zone"] = "a" } : new Dictionary<string, string>(),
        Avoid = [.. Some(Names).Where(other => other != name && random.Next(2) == 0)],
        NeverWith = [.. Some(Names).Where(other => other != name && random.Next(3) == 0)],
        Spread = random.Next(2) == 0 ? "zone" : null,
    };

    private List<string> Some(string[] names) => [.. names.Where(_ => random.Next(2) == 0)];
}
