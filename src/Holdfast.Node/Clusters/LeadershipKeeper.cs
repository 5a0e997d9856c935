using System.Threading.Channels;
using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Storage;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>A service's leadership as far as this node's instance is concerned.</summary>
/// <param name="Leads">In which epoch it may act, and under which lease; null: it may not.</param>
/// <param name="Ends">The epoch that is being ended here; 0: none is.</param>
/// <param name="AtOnce">Without waiting for it.</param>
internal sealed record LeadingShare((long Epoch, long Lease)? Leads, long Ends, bool AtOnce)
{
    public static LeadingShare None { get; } = new(null, 0, AtOnce: false);
}

/// <summary>
/// This node's part in the leadership of services. What is decided is <see cref="LeadershipMachine"/>'s; here are its inputs (the image of the store, the lease, what the
/// reconciler found) and its effects. The reconciler alone gives orders to supervisors, and says when an epoch has ended: so no order of an epoch comes after its end.
/// </summary>
internal sealed class LeadershipKeeper(string node, IStore store, TimeProvider time, ILogger<LeadershipKeeper> log)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Seat> seats = new(StringComparer.Ordinal);
    private readonly Channel<bool> toLook = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private ClusterImage image = ClusterImage.Empty;
    private long? lease;

    /// <summary>Called when the reconciler has something to do.</summary>
    public Action Woken { get; set; } = () => { };

    /// <summary>Writes down that an epoch begins or ends here. What cannot be written down does not begin.</summary>
    public Func<EpochEvent, Outcome<Done>> Recorded { get; set; } = _ => Outcome.Done;

    /// <summary>Told of each step, before its effects; not to keep it waiting.</summary>
    public Action<string, Decision> Decided { get; set; } = (_, _) => { };

    /// <summary>What this node has promised of a service; null: nothing.</summary>
    public Func<string, Promise?> PromisedOf { get; set; } = _ => null;

    /// <summary>Keeps epochs that may be held while the store is away; null: there are none.</summary>
    public HoldKeeper? Holds { get; set; }

    /// <summary>Something acts here or is being ended: what its supervisor says is urgent.</summary>
    public bool IsUrgent
    {
        get
        {
            lock (gate) return seats.Values.Any(seat => seat.State.Phase is not LeadershipPhase.Following);
        }
    }

    public void Show(ClusterImage newer)
    {
        lock (gate)
        {
            image = newer;
            foreach (var seat in seats.Values.ToList()) Look(seat);
        }
    }

    public void LeaseIs(long? now)
    {
        lock (gate)
        {
            lease = now;
            foreach (var seat in seats.Values) Step(seat, new LeadershipInput.LeaseIs(now));
        }
    }

    /// <summary>
    /// Nothing leads on this node, as far as it knows; from then on nothing does before there is another lease, whatever others hand to this one. Else nothing has changed.
    /// </summary>
    public bool TryLeave()
    {
        lock (gate)
        {
            if (seats.Values.Any(seat => seat.State.Phase is not LeadershipPhase.Following) || image.Leaders.Documents.Values.Any(leader => leader.Value.Node == node)) return false;
            lease = null;
            foreach (var seat in seats.Values) Step(seat, new LeadershipInput.LeaseIs(null));
            return true;
        }
    }

    /// <summary>All peers have promised not to lead: an epoch goes on until then without its lease.</summary>
    public void Held(string service, long epoch, TimeSpan until) => Tell(service, new LeadershipInput.Held(epoch, until));

    /// <summary>An epoch goes on under another lease.</summary>
    public void Attached(string service, long epoch, long under) => Tell(service, new LeadershipInput.Attached(epoch, under));

    /// <summary>Promises that this node does not lead, if it may promise that; no step comes in between.</summary>
    /// <param name="judge">By the highest epoch that is known here (null: the store was not seen yet), and whether this node has nothing to do with leading it.</param>
    public Outcome<Promise> Promise(string service, Func<long?, bool, Outcome<Promise>> judge)
    {
        lock (gate)
        {
            var seat = seats.GetValueOrDefault(service);
            var known = image.Revision == 0 ? (long?)null : Math.Max(Math.Max(image.Epochs.Find(service)?.Value.Epoch ?? 0, image.Leaders.Find(service)?.Value.Epoch ?? 0), seat?.State.ActedIn ?? 0);
            var given = judge(known, seat is null or { State.Phase: LeadershipPhase.Following });
            if (given.TryGet(out var promise) && seat is not null) Step(seat, new LeadershipInput.Promised(promise));
            return given;
        }
    }

    private void Tell(string service, LeadershipInput input)
    {
        lock (gate)
        {
            if (seats.TryGetValue(service, out var seat)) Step(seat, input);
        }
    }

    /// <summary>What becomes of this node's instance of a service. To be asked in each look at it, with what its supervisor says; not while that does not answer.</summary>
    public LeadingShare Meet(string service, InstanceStatus? seen)
    {
        lock (gate)
        {
            if (!seats.TryGetValue(service, out var seat))
            {
                if (image.Placements.Find(service) is not { } placement || (!placement.Value.IsLed && seen?.Epoch is null)) return LeadingShare.None;
                seats[service] = seat = new(service, Begin(service, placement.Value, seen));
                if (seat.State.Phase is LeadershipPhase.Acting { Lease: var goesOn } resumed && seen?.Lease is { } kept && kept != goesOn && Holds?.Begin(service, resumed.Epoch, goesOn, kept) == true) seat.Own = kept;
                Step(seat, new LeadershipInput.LeaseIs(lease));
                Look(seat);
            }

            // Others hear of it later, and this node must not take up again what has just failed on it.
            var failed = seen is { State: InstanceState.Failed } ? (seen.Incarnation, seen.Release, seen.Reason) : ((long, int, string)?)null;
            if (failed != seat.Failed)
            {
                seat.Failed = failed;
                // What acts and has failed is about to be told as ended.
                if (seat.State.Phase is not LeadershipPhase.Acting) Look(seat);
            }

            return seat.State.Phase switch
            {
                LeadershipPhase.Acting acting => new((acting.Epoch, seat.Own ?? acting.Lease), 0, AtOnce: false),
                LeadershipPhase.Stopping stopping => new(null, stopping.Epoch, seat.AtOnce),
                _ => LeadingShare.None,
            };
        }
    }

    /// <summary>It is proven that nothing of this epoch runs here, and nothing was ordered that could make it run.</summary>
    public void Ended(string service, long epoch, string why)
    {
        lock (gate)
        {
            if (!seats.TryGetValue(service, out var seat)) return;
            seat.End = new(epoch, node, seat.From, time.GetUtcNow(), why);
            Recorded(new(service, epoch, EpochEventKind.Ended, why));
            Step(seat, new LeadershipInput.Ended(epoch, why));
        }
    }

    /// <summary>Lets time pass where something waits for it, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            bool waits;
            lock (gate) waits = seats.Values.Any(Waits);
            if (waits) await Task.Delay(Tick, time, cancel);
            else await toLook.Reader.ReadAsync(cancel);
            lock (gate)
            {
                foreach (var seat in seats.Values.Where(Waits)) Step(seat, new LeadershipInput.TimePassed());
            }
        }
    }

    /// <summary>An agent begins: what its supervisor kept under the lease that goes on, goes on. Any other epoch is over here, and none is acted in twice.</summary>
    private LeadershipState Begin(string service, PlacementDocument placement, InstanceStatus? seen)
    {
        var budget = placement.Spec.Failover;
        if (seen is { Epoch: { } epoch, Lease: { } under })
        {
            // One that may be held is under a lease of its own. It goes on if the store says, read by this agent, that its key is under the lease that goes on.
            if (OwnLease.Is(under) && lease is { } goesOn && image.Leaders.Find(service)?.Value.Leader == new Leader(node, epoch, goesOn)) under = goesOn;
            var kept = under == lease ? LeadershipState.Resume(node, epoch, under) : LeadershipState.Of(node) with { Phase = new LeadershipPhase.Stopping(epoch, under, null), ActedIn = epoch };
            return kept with { Budget = budget, Promise = PromisedOf(service) };
        }

        // What an agent before this one had asked for may yet come to pass: no epoch that was this node's is begun again by it.
        var own = Math.Max(Own(image.Leaders.Find(service)?.Value.Leader), image.Epochs.Find(service)?.Value is { } last && last.Node == node ? last.Epoch : 0);
        return LeadershipState.Of(node) with { ActedIn = own, Budget = budget, Promise = PromisedOf(service) };

        long Own(Leader? leader) => leader?.Node == node ? leader.Epoch : 0;
    }

    private void Look(Seat seat)
    {
        if (image.Placements.Find(seat.Service)?.Value is not { } placement)
        {
            if (seat.State.Phase is LeadershipPhase.Following) seats.Remove(seat.Service);
            return;
        }

        var service = image.Services.Find(seat.Service)?.Value;
        var view = LeadershipViews.Of(image, service, placement, time.GetUtcNow());
        if (seat is { Failed: { } failed, State.Phase: not LeadershipPhase.Acting } && service is not null && failed.Incarnation == service.Incarnation && failed.Release == service.Release)
            view = view with { Candidates = [.. view.Candidates.Select(c => c.Node == node ? c with { Excluded = c.Excluded ?? $"it failed on {node}: {failed.Reason}" } : c)] };
        var peers = LeadershipViews.Peers(placement, node);
        var isSame = LeadershipViews.Same(seat.State.View, view);
        if (seat.Own is not null && (!isSame || !(peers ?? []).SequenceEqual(seat.Peers ?? []))) Holds?.Saw(seat.Service, view, peers);
        seat.Peers = peers;
        if (!isSame) Step(seat, new LeadershipInput.Saw(view));
    }

    private static bool Waits(Seat seat) => seat.State switch
    {
        { Phase: LeadershipPhase.Taking or LeadershipPhase.Giving } => true,
        { Phase: LeadershipPhase.Acting acting } => acting.Lease != seat.State.Lease,
        { Phase: LeadershipPhase.Following, Lease: not null, View: { } view } => view.Leader is null ? view.Candidates.Any(c => c.Node == seat.State.Node && c.CanLead) : view.Leader.Node == seat.State.Node,
        _ => false,
    };

    private void Step(Seat seat, LeadershipInput input)
    {
        var before = seat.State.Phase;
        var (clock, wall) = (BootClock.SinceBoot, time.GetUtcNow());
        var step = LeadershipMachine.Step(seat.State, input, clock, wall);
        Decided(seat.Service, new Decision.OfLeadership(seat.State, input, clock, wall, step));
        seat.State = step.State;
        // What is being stopped has its time to, as long as its lease or its peers let it.
        if (seat.Own is not null && seat.State.Phase is not (LeadershipPhase.Acting or LeadershipPhase.Stopping))
        {
            Holds?.End(seat.Service, seat.State.ActedIn);
            seat.Own = null;
        }

        foreach (var effect in step.Effects) Do(seat, effect, step.Reason);
        if (!Equals(before, seat.State.Phase) || step.Effects.Count > 0) Woken();
        if (Waits(seat)) toLook.Writer.TryWrite(true);
    }

    private void Do(Seat seat, LeadershipEffect effect, string reason)
    {
        switch (effect)
        {
            case LeadershipEffect.Take or LeadershipEffect.HandOver or LeadershipEffect.Release:
                var moved = effect is LeadershipEffect.HandOver over && over.To.Node == seat.State.View?.SwitchTo;
                var changes = new LeadershipChanges(node, seat.Service, image.Epochs.Find(seat.Service)?.Value, seat.End, reason, time.GetUtcNow());
                _ = ChangeAsync(seat, seat.State.Attempt, changes.Of(effect, moved));
                break;
            case LeadershipEffect.Act act:
                (seat.AtOnce, seat.From, seat.End) = (false, time.GetUtcNow(), null);
                Log.Leads(log, seat.Service, act.Epoch);
                BeginToHold(seat, act);
                var begins = Recorded(new(seat.Service, act.Epoch, EpochEventKind.Begins, reason));
                if (!begins.IsOk) Step(seat, new LeadershipInput.Ended(act.Epoch, $"its beginning cannot be recorded: {begins.Problems[0].What}"));
                break;
            case LeadershipEffect.Stop stop:
                seat.AtOnce = stop.AtOnce;
                Log.Ends(log, seat.Service, stop.Epoch, stop.Why);
                Recorded(new(seat.Service, stop.Epoch, EpochEventKind.Stops, stop.Why));
                break;
            case LeadershipEffect.Alarm alarm:
                Log.Alarm(log, seat.Service, alarm.Why);
                Recorded(new(seat.Service, seat.State.ActedIn, EpochEventKind.Alarm, alarm.Why));
                break;
        }
    }

    private void BeginToHold(Seat seat, LeadershipEffect.Act act)
    {
        if (Holds is null || image.Placements.Find(seat.Service)?.Value is not { } placement || LeadershipViews.Peers(placement, node) is not { } peers) return;
        var own = OwnLease.Of(seat.Service, act.Epoch);
        if (!Holds.Begin(seat.Service, act.Epoch, act.Lease, own)) return;
        seat.Own = own;
        if (seat.State.View is { } view) Holds.Saw(seat.Service, view, peers);
    }

    private async Task ChangeAsync(Seat seat, long attempt, Transaction transaction)
    {
        var end = ChangeEnd.Unknown;
        try
        {
            end = await store.CommitAsync(transaction, CancellationToken.None) switch
            {
                CommitResult.Decided decided => decided.Succeeded ? ChangeEnd.Done : ChangeEnd.Refused,
                CommitResult.Failed => ChangeEnd.Refused,
                _ => ChangeEnd.Unknown,
            };
        }
        catch (Exception bug) when (bug is not ObjectDisposedException)
        {
            Log.Bug(log, bug);
        }

        lock (gate) Step(seat, new LeadershipInput.Changed(attempt, end));
    }

    private sealed class Seat(string service, LeadershipState state)
    {
        public string Service { get; } = service;

        public LeadershipState State { get; set; } = state;

        public bool AtOnce { get; set; }

        /// <summary>The lease under which its supervisor keeps the present epoch, if that may be held.</summary>
        public long? Own { get; set; }

        /// <summary>By whose promises it was to be held when that was looked at last; null: it was not to be.</summary>
        public IReadOnlyList<string>? Peers { get; set; }

        /// <summary>What failed on this node; null: nothing that is still there.</summary>
        public (long Incarnation, int Release, string Reason)? Failed { get; set; }

        /// <summary>When the present epoch began to act here; null: an agent before this one let it.</summary>
        public DateTimeOffset? From { get; set; }

        public EpochEnd? End { get; set; }
    }
}
