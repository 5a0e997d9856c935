using System.Runtime.CompilerServices;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>What operators want of nodes and leaders, written down in the store: the record first (law 7), then the change; nodes do the rest.</summary>
internal sealed class ClusterOrders(StoreMirror mirror, ServiceCatalog catalog, ChangeRecord record, TimeProvider time)
{
    private const string Planned = "planned-switchover";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Farthest = TimeSpan.FromDays(92);

    public Task<Outcome<IReadOnlyList<string>>> OrderAsync(string node, string order, string why, OperationRequest request, CancellationToken cancel) =>
        record.AroundAsync(request.Actor, $"node-{order}", node, request.Id, new Dictionary<string, string> { ["reason"] = why }, async () =>
        {
            var image = mirror.Now;
            if (image.Nodes.Find(node) is null) return ClusterProblems.NoNode(node, image.Nodes.Documents.Keys);
            var before = image.NodeOrders.Find(node);
            var kind = order switch { "drain" => NodeOrderKind.Drain, "quarantine" => NodeOrderKind.Quarantine, _ => (NodeOrderKind?)null };
            if (kind is null && order != "resume") return ClusterProblems.BadOrder(order);
            if (kind is null && before is null) return Outcome.Of<IReadOnlyList<string>>([$"{node} is neither drained nor in quarantine: nothing was to be done"]);
            var change = kind is { } wanted
                ? new CatalogChange().Put(new NodeOrder(node, wanted, why.Length > 0 ? why : $"{request.Actor} wants it so", request.Actor.Name, time.GetUtcNow(), null), before?.Revision ?? 0)
                : new CatalogChange().Delete(StateKeys.NodeOrder(node), before!.Revision);
            var committed = await catalog.CommitAsync(change, cancel);
            if (!committed.TryGet(out var done)) return Outcome.Failed<IReadOnlyList<string>>(committed.Problems);
            return done ? Outcome.Of<IReadOnlyList<string>>(Consequences(image, node, kind)) : ClusterProblems.Overtaken(node);
        });

    public Task<Outcome<Done>> PauseAsync(bool pause, string why, OperationRequest request, CancellationToken cancel) =>
        record.AroundAsync(request.Actor, pause ? "cluster-pause" : "cluster-resume", "cluster", request.Id, new Dictionary<string, string> { ["reason"] = why }, async () =>
        {
            var before = mirror.Now.Cluster.Find("pause");
            if (pause == before is not null) return Outcome.Done;
            var change = pause
                ? new CatalogChange().Put(new PauseDocument(request.Actor.Name, why.Length > 0 ? why : $"{request.Actor} wants it so", time.GetUtcNow()), 0)
                : new CatalogChange().Delete(StateKeys.Pause, before!.Revision);
            var committed = await catalog.CommitAsync(change, cancel);
            if (!committed.TryGet(out var done)) return Outcome.Failed<Done>(committed.Problems);
            return done ? Outcome.Done : ClusterProblems.Overtaken("the pause");
        });

    /// <inheritdoc cref="MovePlanning.Plan"/>
    public Outcome<(LeadershipView View, Candidate To)> Plan(string service, string to) => MovePlanning.Plan(mirror.Now, service, to, time.GetUtcNow());

    /// <summary>Plans a switchover for a time; one that was planned before is replaced.</summary>
    public async Task<Outcome<string>> PlanAtAsync(string service, string to, DateTimeOffset due, OperationRequest request, CancellationToken cancel)
    {
        var (image, now) = (mirror.Now, time.GetUtcNow());
        var problems = due > now && due - now <= Farthest ? Plan(service, to).Problems : [ClusterProblems.BadTime(due, Farthest)];
        if (problems.Count > 0)
        {
            record.Refused(request.Actor, Planned, service, request.Id, problems);
            return Outcome.Failed<string>(problems);
        }

        var details = new Dictionary<string, string> { ["to"] = to, ["due"] = $"{due.UtcDateTime:u}" };
        return await ChangeAsync(service, request, details, new CatalogChange().Put(new PlannedMove(service, to, request.Actor.Name, request.Id, due), image.PlannedMoves.Find(service)?.Revision ?? 0),
            $"{service} moves {(to.Length > 0 ? $"to {to}" : "to the best that does not lead")} at {due.UtcDateTime:u}", cancel);
    }

    /// <summary>Forgets what was planned for a service.</summary>
    public async Task<Outcome<string>> UnplanAsync(string service, OperationRequest request, CancellationToken cancel) => mirror.Now.PlannedMoves.Find(service) is { } plan
        ? await ChangeAsync(service, request, new Dictionary<string, string> { ["cancelled"] = $"{plan.Value.Due.UtcDateTime:u}" }, new CatalogChange().Delete(StateKeys.PlannedMove(service), plan.Revision),
            $"the switchover of {service} at {plan.Value.Due.UtcDateTime:u} is cancelled", cancel)
        : ClusterProblems.NothingPlanned(service);

    private Task<Outcome<string>> ChangeAsync(string service, OperationRequest request, IReadOnlyDictionary<string, string> details, CatalogChange change, string said, CancellationToken cancel) =>
        record.AroundAsync(request.Actor, Planned, service, request.Id, details, async () =>
        {
            var committed = await catalog.CommitAsync(change, cancel);
            if (!committed.TryGet(out var done)) return Outcome.Failed<string>(committed.Problems);
            return done ? said : ClusterProblems.Overtaken($"the planned switchover of {service}");
        });

    /// <summary>Wants a service moved, and tells how that goes until it is there. What comes to nothing is taken back.</summary>
    public async IAsyncEnumerable<Outcome<string>> SwitchoverAsync(string service, string to, OperationRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var planned = Plan(service, to);
        if (!planned.TryGet(out var plan))
        {
            record.Refused(request.Actor, "switchover", service, request.Id, planned.Problems);
            yield return Outcome.Failed<string>(planned.Problems);
            yield break;
        }

        var (from, target) = (plan.View.Leader!, plan.To.Node);
        var details = new Dictionary<string, string> { ["from"] = from.Node, ["to"] = target, ["epoch"] = $"{from.Epoch}" };
        yield return $"{from.Node} leads in epoch {from.Epoch}; {target} is to lead next";
        var moved = await record.AroundAsync(request.Actor, "switchover", service, request.Id, details, () => MoveAsync(service, from, target, request));
        yield return moved;
    }

    /// <summary>Goes on when the client has gone: half of a switchover is none.</summary>
    private async Task<Outcome<string>> MoveAsync(string service, Leader from, string to, OperationRequest request)
    {
        var before = mirror.Now.Moves.Find(service);
        var wanted = await catalog.CommitAsync(new CatalogChange().Put(new MoveDocument(service, to, request.Actor.Name, request.Id, time.GetUtcNow()), before?.Revision ?? 0), CancellationToken.None);
        if (!wanted.TryGet(out var written)) return Outcome.Failed<string>(wanted.Problems);
        if (!written) return ClusterProblems.Overtaken($"the switchover of {service}");
        var began = BootClock.SinceBoot;
        while (true)
        {
            var image = mirror.Now;
            var leader = image.Leaders.Find(service)?.Value.Leader;
            if (leader is not null && leader.Node == to && leader.Epoch > from.Epoch && image.Report(to, service) is { Ready: true } report && report.Epoch == leader.Epoch)
                return $"{to} leads in epoch {leader.Epoch} and is ready, {(BootClock.SinceBoot - began).TotalMilliseconds:0} ms after it was asked for";
            if (BootClock.SinceBoot - began > Patience) return await TakeBackAsync(service, to, leader);
            await mirror.CatchUpAsync(image.Revision + 1, CancellationToken.None);
        }
    }

    private async Task<Outcome<string>> TakeBackAsync(string service, string to, Leader? leader)
    {
        if (mirror.Now.Moves.Find(service) is { } left) await catalog.CommitAsync(new CatalogChange().Delete(StateKeys.Move(service), left.Revision), CancellationToken.None);
        var why = leader is null ? "nobody leads" : leader.Node == to ? "it leads there and is not ready" : $"{leader.Node} still leads";
        return ClusterProblems.NotMoved(service, to, $"{why} after {Patience.TotalSeconds:0} s");
    }

    private static List<string> Consequences(ClusterImage image, string node, NodeOrderKind? kind)
    {
        if (kind is null) return [$"{node} may have instances again; what it had does not come back by itself, unless its service's failback says so"];
        var led = image.Leaders.Documents.Values.Where(l => l.Value.Node == node).Select(l => l.Value.Service).Order(StringComparer.Ordinal).ToList();
        var placed = image.Placements.Documents.Values.Where(p => !p.Value.IsLed && p.Value.Nodes.Contains(node)).Select(p => p.Value.Service).Order(StringComparer.Ordinal).ToList();
        List<string> all = [];
        if (led.Count > 0) all.Add($"another node takes over {string.Join(", ", led)}, where one can");
        if (placed.Count > 0) all.Add($"elsewhere go {string.Join(", ", placed)}, where there is a place");
        return all.Count > 0 ? all : [$"nothing is on {node} that would have to go"];
    }
}
