using System.Threading.Channels;
using Holdfast.Core.Incidents;
using Holdfast.Core.Placement;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Platform;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Places services, on the node that does what one alone should do for all. What is decided is <see cref="PlacementMachine"/>'s; here are the world as the store shows it, and the
/// changes. Each rests on the revision of what it replaces: should two nodes do it at once, one of them changes nothing.
/// </summary>
internal sealed class PlacementKeeper(string node, ServiceCatalog catalog, WantedReleases wanted, StoreMirror mirror, ChangeRecord record, TimeProvider time, ILogger<PlacementKeeper> log)
{
    /// <summary>From the beginning of a look to the next at least: one change is looked at at once, and those that follow it closely are one look.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20), LookAgain = TimeSpan.FromMinutes(1), Retry = TimeSpan.FromSeconds(1);

    /// <summary>Of a release that says nothing of its place. One and the same, for <see cref="PlacementSpecs"/>.</summary>
    private static readonly PlacementSpec unplaced = new();

    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, DateTimeOffset> lost = new(StringComparer.Ordinal);
    private readonly NodeQuarantine quarantine = new();
    private readonly FailbackWatch failback = new();
    private readonly SettledServices settled = new();
    private readonly Troubles troubles = new(log);
    private ClusterImage last = ClusterImage.Empty;

    /// <summary>Told of each decision that changes something, before it does; not to keep it waiting.</summary>
    public Action<string, Decision> Decided { get; set; } = (_, _) => { };

    public void Show(ClusterImage image)
    {
        // What instances are, and how operations go, moves nothing.
        var before = last;
        last = image;
        if (IsSame(before, image)) return;
        changed.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        var wait = TimeSpan.Zero;
        var began = time.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            await WaitAsync(wait, cancel);
            if (Gather - time.GetElapsedTime(began) is var pause && pause > TimeSpan.Zero) await Task.Delay(pause, time, cancel);
            began = time.GetTimestamp();
            wait = mirror.Now.Conductor == node ? await PassAsync(mirror.Now, cancel) : Forget();
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancel)
    {
        using var due = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = time.CreateTimer(_ => due.Cancel(), null, wait, Timeout.InfiniteTimeSpan);
        try
        {
            await changed.Reader.ReadAsync(due.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It is due.
        }
    }

    /// <summary>Who does not place sees nothing of nodes' coming and going that would count when it does.</summary>
    private TimeSpan Forget()
    {
        lost.Clear();
        quarantine.Forget();
        failback.Forget();
        settled.Forget();
        return LookAgain;
    }

    private async Task<TimeSpan> PassAsync(ClusterImage image, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        Note(image, now);
        foreach (var (order, why) in quarantine.Look(image, now)) await SaveAsync("node-quarantine", order.Node, why, new CatalogChange().Put(order, image.NodeOrders.Find(order.Node)?.Revision ?? 0), cancel);
        foreach (var ended in NodeQuarantine.Ended(image, now)) await SaveAsync("node-resume", ended, "its quarantine is over", new CatalogChange().Delete(StateKeys.NodeOrder(ended), image.NodeOrders.Find(ended)!.Revision), cancel);
        var listed = await catalog.ListAsync(cancel);
        if (!listed.TryGet(out var listing)) return Trouble(listed.Problems);
        var entries = listing.Entries.Where(entry => !entry.Service.Value.Removing).ToList();
        var read = await wanted.OfAsync(entries, cancel);
        if (!read.TryGet(out var releases)) return Trouble(read.Problems);
        troubles.Over("placement");
        var wait = LookAgain;
        var nodes = ClusterWorld.Nodes(image, lost, now);
        var services = new PlacedServices(ClusterWorld.Services(image));
        settled.Begin(nodes);
        foreach (var entry in entries)
        {
            if (!releases[entry.Service.Value.Name].TryGet(out var release)) continue;
            var due = await PlaceAsync(image, entry.Service.Value.Name, release.Placement ?? unplaced, release.OwnSupervisor, nodes, services, now, cancel);
            if (due is { } at && at - now < wait) wait = at - now;
        }

        var back = await FailBackAsync(image, now, cancel);
        if (back < wait) wait = back;
        await MoveAsync(image, now, cancel);
        return PlannedMoves.Wait(image, now) is { } planned && planned < wait ? planned : wait;
    }

    private async Task<DateTimeOffset?> PlaceAsync(
        ClusterImage image, string service, PlacementSpec spec, bool ownSupervisor, IReadOnlyList<NodeFacts> nodes, PlacedServices services, DateTimeOffset now, CancellationToken cancel)
    {
        var before = image.Placements.Find(service);
        if (before is not null && settled.Has(service, spec, before.Value.Nodes, services)) return null;
        var present = before is null ? PlacementRecord.None : new PlacementRecord(before.Value.Nodes);
        var decision = services.Decide(service, spec, present, nodes, now);
        var placed = new PlacementDocument(service, spec, decision.Placement.Nodes, decision.Reason, now) { OwnSupervisor = ownSupervisor };
        if (placed.IsLed) placed = placed with { Avoided = services.Avoided(service, spec, placed.Nodes) };
        var same = before is not null && before.Value.Nodes.SequenceEqual(placed.Nodes) && before.Value.Avoided.SequenceEqual(placed.Avoided) && before.Value.OwnSupervisor == ownSupervisor && PlacementSpecs.Same(before.Value.Spec, spec);
        if (same)
        {
            settled.Add(service, spec, before!.Value.Nodes, decision, services);
            return decision.LookAgainAt;
        }

        Decided(service, services.Made(service, spec, present, nodes, now, decision));
        var saved = await SaveAsync("place", service, decision.Reason, new CatalogChange().Put(placed, before?.Revision ?? 0), cancel);
        if (!saved) return now + Retry;
        Log.Placed(log, service, string.Join(", ", decision.Placement.Nodes), decision.Reason);
        // The next decisions of this look know of it.
        services.Put(new(service, spec, decision.Placement, image.Leaders.Find(service)?.Value.Node));
        return decision.LookAgainAt;
    }

    private async Task<TimeSpan> FailBackAsync(ClusterImage image, DateTimeOffset now, CancellationToken cancel)
    {
        var wait = LookAgain;
        foreach (var (move, why) in failback.Look(image, now, BootClock.SinceBoot, TimeOnly.FromDateTime(time.GetLocalNow().DateTime)))
        {
            if (move is null) wait = FailbackMachine.FitFor;
            else await SaveAsync("failback", move.Service, why, new CatalogChange().Put(move with { By = $"node/{node}" }, 0), cancel);
        }

        return wait;
    }

    private async Task MoveAsync(ClusterImage image, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var due in PlannedMoves.Look(image, now))
        {
            switch (due)
            {
                case DueMove.Begin begin:
                    await SaveAsync("switchover", due.Service, begin.Why, new CatalogChange().Put(begin.Move, 0).Delete(StateKeys.PlannedMove(due.Service), image.PlannedMoves.Find(due.Service)!.Revision), cancel);
                    break;
                case DueMove.GiveUp give:
                    await SaveAsync("planned-switchover", due.Service, $"given up: {give.Why}", new CatalogChange().Delete(StateKeys.PlannedMove(due.Service), image.PlannedMoves.Find(due.Service)!.Revision), cancel);
                    Log.NotMoved(log, due.Service, give.Why.ToString());
                    break;
                case DueMove.TakeBack back:
                    await SaveAsync("switchover", due.Service, $"taken back: {back.Why}", new CatalogChange().Delete(StateKeys.Move(due.Service), image.Moves.Find(due.Service)!.Revision), cancel);
                    Log.NotMoved(log, due.Service, back.Why);
                    break;
            }
        }
    }

    /// <summary>The record, then the change.</summary>
    private async Task<bool> SaveAsync(string action, string target, string why, CatalogChange change, CancellationToken cancel)
    {
        var saved = await record.AroundAsync($"node/{node}", action, target, Guid.NewGuid().ToString("n"), new Dictionary<string, string> { ["reason"] = why }, async () =>
        {
            var committed = await catalog.CommitAsync(change, cancel);
            if (!committed.TryGet(out var done)) return Outcome.Failed<Done>(committed.Problems);
            return done ? Outcome.Done : ClusterProblems.Overtaken(target);
        });
        return saved.IsOk;
    }

    private void Note(ClusterImage image, DateTimeOffset now)
    {
        foreach (var name in image.Nodes.Documents.Keys)
        {
            if (image.Presences.Find(name) is not null) lost.Remove(name);
            else lost.TryAdd(name, now);
        }
    }

    private TimeSpan Trouble(IReadOnlyList<Problem> problems)
    {
        troubles.Tell("placement", problems);
        return Retry;
    }

    private static bool IsSame(ClusterImage one, ClusterImage other) =>
        ReferenceEquals(one.Services.Documents, other.Services.Documents) && ReferenceEquals(one.Nodes.Documents, other.Nodes.Documents)
        && ReferenceEquals(one.NodeOrders.Documents, other.NodeOrders.Documents) && ReferenceEquals(one.Presences.Documents, other.Presences.Documents)
        && ReferenceEquals(one.Placements.Documents, other.Placements.Documents) && ReferenceEquals(one.Leaders.Documents, other.Leaders.Documents)
        && ReferenceEquals(one.Moves.Documents, other.Moves.Documents) && ReferenceEquals(one.PlannedMoves.Documents, other.PlannedMoves.Documents);
}
