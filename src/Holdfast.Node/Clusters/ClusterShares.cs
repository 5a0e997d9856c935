using Holdfast.Core.Leadership;
using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Operation = Holdfast.Core.Operations.Operation;

namespace Holdfast.Node.Clusters;

/// <summary>A node's part in the services of its cluster, by the image of the store and its own leadership.</summary>
internal sealed class ClusterShares(string node, StoreMirror mirror, LeadershipKeeper leadership, NodeReports reports, TimeProvider time) : IShares
{
    /// <summary>A package has to come first, and a lease to end.</summary>
    private static readonly TimeSpan TakenUp = TimeSpan.FromMinutes(2);

    public bool Conducts => mirror.Now.Conductor == node;

    public bool RemovesUnknown => true;

    public ServiceShare Of(ServiceEntry entry, InstanceStatus? seen)
    {
        var (image, service) = (mirror.Now, entry.Service.Value);
        var leading = leadership.Meet(service.Name, seen);
        var placement = image.Placements.Find(service.Name)?.Value;
        var placed = placement?.Nodes.Contains(node) == true;
        var hot = placed && placement is { IsLed: true, Spec.Standby: Standby.Hot } && leading.Ends == 0 && !HasFailed(service, seen) && IsToStay(image);
        return new()
        {
            Here = placement is { IsLed: true } ? hot || leading.Leads is not null : placed,
            StandsBy = placed,
            IsHot = hot,
            Drives = Drives(entry.Operation.Value),
            Sight = Sight(image, entry, placement, seen),
            TakenUpWithin = TakenUp,
            Leading = leading.Leads,
            Ends = leading.Ends,
            AtOnce = leading.AtOnce,
        };
    }

    /// <summary>Nothing is made to wait on a node that is drained, in quarantine or about to go.</summary>
    private bool IsToStay(ClusterImage image) => ClusterWorld.Order(image, node, time.GetUtcNow()) is null && image.Presences.Find(node)?.Value.Leaving is not { Length: > 0 };

    /// <summary>What led here and failed is not made to stand by: that it failed is to be seen until something new is wanted.</summary>
    private static bool HasFailed(ServiceRecord service, InstanceStatus? seen) =>
        seen is { State: InstanceState.Failed, Epoch: not null } && seen.Incarnation == service.Incarnation && seen.Release == service.Release;

    public ServiceShare Unseen(ServiceEntry entry) => new()
    {
        Here = false, Drives = Drives(entry.Operation.Value), Sight = Sight(mirror.Now, entry, mirror.Now.Placements.Find(entry.Service.Value.Name)?.Value, null),
    };

    /// <summary>The node that accepted it; where that is gone, the one that does what one alone should do.</summary>
    public bool Drives(Operation operation)
    {
        var image = mirror.Now;
        return operation.Node.Length > 0 && image.Presences.Find(operation.Node) is not null ? operation.Node == node : image.Conductor == node;
    }

    public void Ended(string service, long epoch, string why) => leadership.Ended(service, epoch, why);

    public Task<bool> TellAsync(IReadOnlyList<InstanceStatus> seen, CancellationToken cancel) => reports.TellAsync(seen, cancel);

    private InstanceStatus? Sight(ClusterImage image, ServiceEntry entry, PlacementDocument? placement, InstanceStatus? seen)
    {
        var (service, operation) = (entry.Service.Value, entry.Operation.Value);
        InstanceStatus? At(string name) => name == node ? seen : image.Report(name, service.Name) is { StandsBy: false } report ? report.ToStatus() : null;
        var there = image.Presences.Documents.Keys.Append(node).Distinct().Select(At).OfType<InstanceStatus>();
        if (operation.Action is OperationAction.Stop) return there.OrderBy(s => s.State == InstanceState.Stopped).FirstOrDefault();
        if (operation.Action is OperationAction.Remove) return there.FirstOrDefault();
        if (placement is null) return null;
        if (placement.IsLed) return image.Leaders.Find(service.Name) is { } leader && At(leader.Value.Node) is { StandsBy: false } leads ? leads : null;
        var wanted = placement.Nodes.Where(name => name == node || image.Presences.Find(name) is not null).Select(At).ToList();
        return Furthest(service, wanted);
    }

    /// <summary>Of the instances of a service the one that is the furthest from what is wanted: one that failed, one that is not there, one that is not ready.</summary>
    internal static InstanceStatus? Furthest(ServiceRecord service, IReadOnlyList<InstanceStatus?> instances)
    {
        if (instances.FirstOrDefault(s => s is { State: InstanceState.Failed } && OperationMachine.Matches(service, s)) is { } failed) return failed;
        if (instances.Count == 0 || instances.Any(s => s is null)) return null;
        return instances.OrderBy(s => OperationMachine.Matches(service, s!)).ThenBy(s => s!.Ready).First();
    }
}
