using Holdfast.Core.Incidents;
using Holdfast.Core.Services;

namespace Holdfast.Core.Placement;

/// <summary>
/// The services of a cluster that have a place, found by what a decision about one of them asks of the others: who of a node it is rather not or never with, and how many a
/// node has. So deciding about each of many does not look at all of them each time.
/// </summary>
public sealed class PlacedServices
{
    private readonly Dictionary<string, PlacedService> services = new(StringComparer.Ordinal);

    /// <summary>By service: those whose specs name it among what they avoid, or are never with.</summary>
    private readonly Dictionary<string, HashSet<string>> namedBy = new(StringComparer.Ordinal);

    private readonly Dictionary<string, int> onNode = new(StringComparer.Ordinal);

    public PlacedServices(IEnumerable<PlacedService> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        foreach (var service in services) Put(service);
    }

    /// <summary>From now on it is so, instead of what it was before.</summary>
    public void Put(PlacedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (services.Remove(service.Service, out var before)) Note(before, isThere: false);
        services.Add(service.Service, service);
        Note(service, isThere: true);
    }

    /// <summary>As <see cref="PlacementMachine.Decide(string, PlacementSpec, PlacementRecord, IReadOnlyList{NodeFacts}, IReadOnlyList{OtherPlacement}, DateTimeOffset)"/> with all of the other services.</summary>
    public PlacementDecision Decide(string service, PlacementSpec spec, PlacementRecord present, IReadOnlyList<NodeFacts> nodes, DateTimeOffset now)
    {
        var itself = Itself(service);
        return PlacementMachine.Decide(new(service, spec, present, nodes, Near(service, spec), node => OthersOn(node, itself), now));
    }

    /// <summary>What <see cref="Decide"/> has answered, with all that it was made from. To be asked before anything is put.</summary>
    public Decision.OfPlacement Made(string service, PlacementSpec spec, PlacementRecord present, IReadOnlyList<NodeFacts> nodes, DateTimeOffset now, PlacementDecision answer)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(nodes);
        var itself = Itself(service);
        var others = nodes.ToDictionary(node => node.Name, node => OthersOn(node.Name, itself), StringComparer.Ordinal);
        return new(spec with { Promote = null }, present, nodes, Near(service, spec), others, now, answer);
    }

    /// <summary>Those of the nodes that have a service which it is rather not with, or that not with it.</summary>
    public IReadOnlyList<string> Avoided(string service, PlacementSpec spec, IReadOnlyList<string> nodes)
    {
        var near = Near(service, spec);
        return [.. nodes.Where(node => Owners.Avoided(service, spec, node, near) > 0)];
    }

    /// <summary>It names no other service as one that it avoids, or is never with, and none names it.</summary>
    public bool IsAlone(string service, PlacementSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Avoid.Count == 0 && spec.NeverWith.Count == 0 && namedBy.GetValueOrDefault(service) is not { Count: > 0 };
    }

    private IReadOnlyList<string> Itself(string service) => services.GetValueOrDefault(service)?.Runs ?? [];

    private int OthersOn(string node, IReadOnlyList<string> itself) => onNode.GetValueOrDefault(node) - (itself.Contains(node) ? 1 : 0);

    /// <summary>Those that it names, and those that name it, by name.</summary>
    private List<OtherPlacement> Near(string service, PlacementSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        IEnumerable<string> names = spec.Avoid.Concat(spec.NeverWith);
        if (namedBy.TryGetValue(service, out var naming)) names = names.Concat(naming);
        return
        [
            .. names.Where(name => name != service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => services.GetValueOrDefault(name)).OfType<PlacedService>().Select(near => near.AsOther),
        ];
    }

    private void Note(PlacedService service, bool isThere)
    {
        foreach (var node in service.Runs.Distinct()) onNode[node] = onNode.GetValueOrDefault(node) + (isThere ? 1 : -1);
        foreach (var named in service.Spec.Avoid.Concat(service.Spec.NeverWith))
        {
            if (!namedBy.TryGetValue(named, out var names)) namedBy[named] = names = new(StringComparer.Ordinal);
            if (isThere) names.Add(service.Service);
            else names.Remove(service.Service);
        }
    }
}
