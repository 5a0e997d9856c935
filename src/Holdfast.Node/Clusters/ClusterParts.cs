using Holdfast.Core.Leadership;
using Holdfast.Node.Hosting;
using Holdfast.Node.Incidents;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Storage;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>What a node of a cluster has beside what every node has, put together.</summary>
internal sealed class ClusterParts
{
    private readonly IStore store;
    private readonly Home home;
    private readonly ISupervisor supervisor;
    private readonly LeaseHolders holders;
    private readonly DecisionRecorder decisions;
    private readonly TimeProvider time;
    private readonly ILogger log;

    /// <param name="record">This node, as others are to see it.</param>
    public ClusterParts(ClusterFile file, Home home, IStore store, ISupervisor supervisor, Func<NodeRecord> record, ILoggerFactory loggers, TimeProvider time)
    {
        (File, this.home, this.store, this.supervisor, this.time) = (file, home, store, supervisor, time);
        log = loggers.CreateLogger<ClusterParts>();
        Mirror = new(store, time);
        holders = new(supervisor, loggers.CreateLogger<LeaseHolders>());
        Lease = new(store, TimeSpan.FromSeconds(file.LeaseSeconds), holders, BootClock.Instance, loggers.CreateLogger<LeaseKeeper>()) { Watchdog = file.Watchdog };
        Presence = new(store, file.Node, record, time);
        Leadership = new(file.Node, store, time, loggers.CreateLogger<LeadershipKeeper>());
        var ring = new DecisionRing(home.Decisions);
        decisions = new(file.Node, Agent.Version, ring, time, loggers.CreateLogger<DecisionRecorder>());
        Lease.Decided = decision => decisions.Keep("", decision);
        Leadership.Decided = decisions.Keep;
        Incidents = new(file.Node, file.Name, Agent.Version, decisions, ring, time);
        Promises = PromiseBook.Open(home, BootClock.SinceBoot, BootClock.BootId);
        if (Promises.Trouble is { } trouble) Log.Unpromised(log, trouble);
        Leadership.PromisedOf = Promises.Find;
        var peers = new PeerPromises(home, time);
        Holds = new(file.Node, file.Name, store, Lease, holders, peers, () => Mirror.Now, Leadership, time, loggers.CreateLogger<HoldKeeper>());
        Holds.Decided = decisions.Keep;
        Leadership.Holds = Holds;
        Lease.Stepped = Holds.LeaseStepped;
        Reports = new(file.Node, store, Mirror, Lease, time);
        Shares = new ClusterShares(file.Node, Mirror, Leadership, Reports, time);
    }

    public ClusterFile File { get; }

    /// <summary>What others are to know of the watchdog; null: none is wanted.</summary>
    public NodeWatchdog? Watchdog => File.Watchdog is { } device ? new(device, holders.Watchdog is { Why: null }, holders.Watchdog?.Why ?? "") : null;

    public StoreMirror Mirror { get; }

    public LeaseKeeper Lease { get; }

    public PresenceKeeper Presence { get; }

    public LeadershipKeeper Leadership { get; }

    public HoldKeeper Holds { get; }

    /// <summary>What this node has promised others that lead.</summary>
    public PromiseBook Promises { get; }

    public NodeReports Reports { get; }

    public ClusterShares Shares { get; }

    /// <summary>What this node has decided, for whoever looks into it later.</summary>
    public IncidentTaking Incidents { get; }

    /// <summary>What becomes of a service's leader when the store is away, or what this node knows of its going on without it; a sentence. Empty: it stops at its deadline.</summary>
    /// <param name="leader">The node that leads by the store; null: none does.</param>
    public string OnStoreLoss(PlacementDocument placement, string? leader)
    {
        ArgumentNullException.ThrowIfNull(placement);
        var now = BootClock.SinceBoot;
        var promised = Promises.Find(placement.Service) is { } promise && promise.Until > now ? (promise, time.GetUtcNow() + (promise.Until - now)) : ((Promise, DateTimeOffset)?)null;
        return HoldWords.Of(placement, leader, File.Node, Holds.Of(placement.Service), promised);
    }

    /// <summary>
    /// Ends right after an extension of the lease: what is replaced then has the whole of it before what leads here is fenced. Where there is no lease, or the supervisors
    /// cannot be told, there is nothing to wait for.
    /// </summary>
    public async Task ExtendedAsync(CancellationToken cancel)
    {
        if (Lease.Lease is null) return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(File.LeaseSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        await holders.ExtendedAsync().WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Keeps the lease, the image and the leadership, until it is cancelled.</summary>
    /// <param name="placement">Decides where services are.</param>
    /// <param name="etcdLeader">Decides where etcd's leader is.</param>
    /// <param name="fencing">Fences without being asked, where that is allowed.</param>
    /// <param name="wakeUp">Of the reconciler.</param>
    /// <param name="cancel">Ends it; nothing that runs is ended by it.</param>
    public async Task RunAsync(PlacementKeeper placement, EtcdLeaderKeeper etcdLeader, FencingWatch fencing, WakeUp wakeUp, CancellationToken cancel)
    {
        using var generation = VirtualMachineGeneration.Watch();
        Lease.Generation = () => generation.Now;
        Log.Generation(log, generation.Source.Length > 0 ? generation.Source : "nothing here");
        Leadership.Woken = wakeUp.Call;
        placement.Decided = decisions.Keep;
        Lease.Changed = lease =>
        {
            Leadership.LeaseIs(lease);
            Presence.LeaseIs(lease);
            wakeUp.Call();
        };
        holders.WatchdogChanged = () => Presence.LeaseIs(Lease.Lease);
        Mirror.Changed = image =>
        {
            Leadership.Show(image);
            placement.Show(image);
            wakeUp.Call();
        };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] loops =
        [
            Mirror.RunAsync(ending.Token), holders.RunAsync(ending.Token), Presence.RunAsync(ending.Token), Holds.RunAsync(ending.Token), Leadership.RunAsync(ending.Token), placement.RunAsync(ending.Token),
            LeaseAsync(ending.Token), RememberAsync(ending.Token), KeepEtcdAsync(ending.Token), etcdLeader.RunAsync(ending.Token), decisions.RunAsync(ending.Token), fencing.RunAsync(ending.Token),
        ];
        await Task.WhenAny(loops);
        await ending.CancelAsync();
        foreach (var loop in loops) await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What ended by anything but being cancelled is a bug, and is told.
        foreach (var loop in loops.Where(loop => loop.IsFaulted)) await loop;
    }

    private async Task KeepEtcdAsync(CancellationToken cancel)
    {
        var options = ClusterStore.Options(home, File);
        if (File.Member is not null && options.TryGet(out var how)) await new EtcdKeeping(home, warning => Log.StoreWarning(log, warning), time).RunAsync(File, how, cancel);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
    }

    /// <summary>What the supervisor has of an agent before this one is asked first: its lease goes on where it can.</summary>
    private async Task LeaseAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var asked = await supervisor.LeasesAsync(cancel);
            var keepsNone = !asked.IsOk && asked.Problems[0].Rule == SupervisorClient.NoDeadlinesRule;
            if (keepsNone) Log.NoDeadlines(log, string.Join("; ", asked.Problems));
            if (asked.TryGet(out var known) || keepsNone)
            {
                known ??= new([], TimeSpan.Zero);
                holders.Killed(known.LongestKill);
                if (File.Watchdog is not null && known.Watchdog is { } report) holders.Hear(report);
                await Lease.RunAsync(Kept(known), cancel);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One that was granted for another length than is asked for now is left to its end, and one that was fenced, or given up, is not taken up again.</summary>
    private LeaseState Kept(SupervisorLeases known)
    {
        var now = BootClock.SinceBoot;
        var last = known.Leases.Where(lease => lease.HardAt > now && lease.Fenced is null && !OwnLease.Is(lease.Lease)).OrderByDescending(lease => lease.HardAt).FirstOrDefault();
        if (last is null || !LeaseTerms.Of(TimeSpan.FromSeconds(File.LeaseSeconds), known.LongestKill).TryGet(out var terms)) return LeaseMachine.Begin;
        if (last.HardAt - last.SoftAt != terms.Hard - terms.Soft) return LeaseMachine.Begin;
        var from = last.HardAt - terms.Hard;
        return new LeaseState.Held(last.Lease, terms, from, now, from, null);
    }

    /// <summary>Writes down now and then what was seen of the store, so that one that was put back is known at the next start.</summary>
    private async Task RememberAsync(CancellationToken cancel)
    {
        var seen = new SeenStore(home);
        var written = 0L;
        while (!cancel.IsCancellationRequested)
        {
            var revision = Mirror.Now.Revision;
            if (revision > written && seen.Write(new(store.Identity, revision)) is { IsOk: true }) written = revision;
            await Task.Delay(TimeSpan.FromMinutes(1), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
