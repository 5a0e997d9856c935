using System.Collections.Concurrent;
using System.Threading.Channels;
using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Storage;
using Microsoft.Extensions.Logging;
using PromiseRequest = Holdfast.Rpc.V1.PromiseRequest;

namespace Holdfast.Node.Clusters;

/// <summary>
/// The epochs of this node that may be held while the store is away. What is decided is <see cref="HoldMachine"/>'s; here are its inputs (the lease, the image of the store, what peers
/// answer) and its effects. All is done in one loop; what leadership has to know of it is told in the order in which it happened.
/// </summary>
/// <param name="cluster">The cluster's name, as peers know it.</param>
/// <param name="holders">Keep the deadlines.</param>
/// <param name="leadership">To be told how it goes on.</param>
internal sealed class HoldKeeper(
    string node, string cluster, IStore store, LeaseKeeper lease, LeaseHolders holders, PeerPromises promises, Func<ClusterImage> image, LeadershipKeeper leadership, TimeProvider time, ILogger<HoldKeeper> log)
{
    private readonly Channel<Action> work = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly Dictionary<string, Epoch> epochs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Holding> shown = new(StringComparer.Ordinal);

    /// <summary>Told of each step, before its effects; not to keep it waiting.</summary>
    public Action<string, Decision> Decided { get; set; } = (_, _) => { };

    /// <summary>How a service's epoch is held; null: its node has no epoch of it that may be held.</summary>
    public Holding? Of(string service) => shown.GetValueOrDefault(service);

    /// <summary>An epoch acts under this node's lease, and may be held from now on.</summary>
    /// <param name="own">The lease under which its supervisor keeps it.</param>
    /// <returns>False: the node's lease is another one by now, and it is not held.</returns>
    public bool Begin(string service, long epoch, long under, long own)
    {
        if (lease.State is not LeaseState.Held held || held.Id != under) return false;
        work.Writer.TryWrite(() =>
        {
            epochs[service] = new(service, own, HoldMachine.Begin(node, epoch, held.Terms, under, held.From));
            Step(service, new HoldInput.TimePassed());
            // What came before the beginning was heard of by nobody.
            if (lease.State is LeaseState.Held now) Step(service, new HoldInput.Renewed(now.Id, now.From));
            else Step(service, new HoldInput.Lost(under, "the lease is over"));
        });
        return true;
    }

    /// <summary>It does not act any more.</summary>
    public void End(string service, long epoch) => work.Writer.TryWrite(() =>
    {
        if (!epochs.TryGetValue(service, out var known) || known.State.Epoch != epoch) return;
        epochs.Remove(service);
        shown.TryRemove(service, out _);
    });

    /// <param name="peers">All that may lead it, this node included; null: it does not want to be held.</param>
    public void Saw(string service, LeadershipView view, IReadOnlyList<string>? peers) => work.Writer.TryWrite(() => Step(service, new HoldInput.Saw(view, peers)));

    /// <summary>What became of the node's lease; to be called in order.</summary>
    public void LeaseStepped(LeaseState before, LeaseInput input, LeaseStep step)
    {
        if (input is LeaseInput.TimeDoubted doubted) ToAll(new HoldInput.TimeDoubted(doubted.Why));
        if (before is LeaseState.Held over && (step.State as LeaseState.Held)?.Id != over.Id) ToAll(new HoldInput.Lost(over.Id, step.Reason));
        if (step.State is LeaseState.Held held && step.Effects.Any(effect => effect is LeaseEffect.Extend)) ToAll(new HoldInput.Renewed(held.Id, held.From));
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        using var ends = promises;
        Task<bool>? waiting = null;
        while (!cancel.IsCancellationRequested)
        {
            var waits = waiting ??= work.Reader.WaitToReadAsync(cancel).AsTask();
            // Nothing ticks while no epoch may be held.
            if (epochs.Count > 0) await Task.WhenAny(waits, Task.Delay(Tick, time, cancel));
            else await waits;
            if (waits.IsCompleted) waiting = null;
            cancel.ThrowIfCancellationRequested();
            while (work.Reader.TryRead(out var next)) next();
            foreach (var service in epochs.Keys.ToList()) Step(service, new HoldInput.TimePassed());
        }
    }

    private TimeSpan Tick => epochs.Values.Min(epoch => epoch.State.Terms.RenewEvery) / 5;

    private void ToAll(HoldInput input) => work.Writer.TryWrite(() =>
    {
        foreach (var service in epochs.Keys.ToList()) Step(service, input);
    });

    private void Step(string service, HoldInput input)
    {
        if (!epochs.TryGetValue(service, out var epoch)) return;
        var (before, now) = (epoch.State, BootClock.SinceBoot);
        var step = HoldMachine.Step(before, input, now);
        Decided(service, new Decision.OfHold(before, input, now, step));
        epoch.State = step.State;
        // Leadership first: it must not end what is held.
        if (step.State.HeldUntil(now) is { } until && until != epoch.ToldUntil)
        {
            epoch.ToldUntil = until;
            leadership.Held(service, before.Epoch, until);
        }

        if (step.State.Lease != before.Lease)
        {
            leadership.Attached(service, before.Epoch, step.State.Lease);
            Tell(epoch, EpochEventKind.Attached, "the store is there again, and nobody has led meanwhile");
        }

        foreach (var effect in step.Effects) Do(epoch, effect);
        if (input is HoldInput.Lost lost && before.Own is not null && step.State is { Own: null, IsOver: false })
            Tell(epoch, EpochEventKind.Held, $"{lost.Why}; all peers have promised not to lead: {string.Join(", ", step.State.Peers)}");
        Show(epoch, now);
    }

    private void Do(Epoch epoch, HoldEffect effect)
    {
        switch (effect)
        {
            case HoldEffect.Extend extend:
                holders.Extend(epoch.Own, extend.SoftAt, extend.HardAt, lease.OrderFor(epoch.State.Terms, extend.HardAt - epoch.State.Terms.Hard));
                break;
            case HoldEffect.HoldBack back:
                holders.HoldBack(epoch.Own, back.Why);
                break;
            case HoldEffect.Fence fence:
                holders.Fence(epoch.Own, fence.Why);
                break;
            case HoldEffect.Ask ask:
                foreach (var peer in ask.Peers) _ = AskAsync(epoch, peer, ask.SentAt);
                break;
            case HoldEffect.Name or HoldEffect.Attach:
                _ = ChangeAsync(epoch, effect);
                break;
        }
    }

    private async Task AskAsync(Epoch epoch, string peer, TimeSpan sentAt)
    {
        var terms = epoch.State.Terms;
        var answer = await GuardedAsync<Done>(async () =>
        {
            if (image().Nodes.Find(peer)?.Value is not { Address.Length: > 0 } known) return new Problem(ProblemKind.Unavailable, "hold.no-address", "it answers no other node");
            var asked = new PromiseRequest
            {
                Cluster = cluster, Store = PromiseGiving.Name(store.Identity), Service = epoch.Service, Epoch = epoch.State.Epoch, Milliseconds = (long)Math.Ceiling(terms.Length.TotalMilliseconds),
            };
            return await promises.AskAsync(new PeerAddress(peer, known.Address), asked, terms.Hard, CancellationToken.None);
        });
        work.Writer.TryWrite(() =>
        {
            epoch.Without[peer] = answer.IsOk ? "" : answer.Problems[0].What.TrimEnd('.');
            if (answer.IsOk) Step(epoch, new HoldInput.Promised(peer, sentAt));
        });
    }

    private async Task ChangeAsync(Epoch epoch, HoldEffect change)
    {
        var attempt = epoch.State.Attempt;
        var end = ChangeEnd.Unknown;
        if (LeadershipChanges.Of(change, epoch.Service, image().Epochs.Find(epoch.Service)?.Value) is { } transaction)
        {
            var done = await GuardedAsync(async () => Outcome.Of(await store.CommitAsync(transaction, CancellationToken.None)));
            end = !done.TryGet(out var result) ? ChangeEnd.Unknown : result switch
            {
                CommitResult.Decided decided => decided.Succeeded ? ChangeEnd.Done : ChangeEnd.Refused,
                CommitResult.Failed => ChangeEnd.Refused,
                _ => ChangeEnd.Unknown,
            };
        }
        else
        {
            end = ChangeEnd.Refused;
        }

        work.Writer.TryWrite(() => Step(epoch, new HoldInput.Changed(attempt, end)));
    }

    /// <summary>What was begun for an epoch means nothing to the next one.</summary>
    private void Step(Epoch epoch, HoldInput input)
    {
        if (epochs.GetValueOrDefault(epoch.Service) == epoch) Step(epoch.Service, input);
    }

    private async Task<Outcome<T>> GuardedAsync<T>(Func<Task<Outcome<T>>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception bug) when (bug is not ObjectDisposedException)
        {
            Log.Bug(log, bug);
            return new Problem(ProblemKind.Failed, "hold.bug", bug.Message);
        }
        catch (ObjectDisposedException)
        {
            return new Problem(ProblemKind.Unavailable, "agent.ends", "The agent ends.");
        }
    }

    private void Tell(Epoch epoch, EpochEventKind kind, string why)
    {
        Log.Holds(log, epoch.Service, epoch.State.Epoch, why);
        leadership.Recorded(new(epoch.Service, epoch.State.Epoch, kind, why));
        if (kind == EpochEventKind.Held) epoch.Since = time.GetUtcNow();
        if (kind == EpochEventKind.Attached) epoch.Since = null;
    }

    private void Show(Epoch epoch, TimeSpan now)
    {
        var state = epoch.State;
        var until = state.HeldUntil(now);
        var held = !state.IsCovered(now) && until > now && !state.IsOver;
        var without = state.Peers.Where(peer => epoch.Without.TryGetValue(peer, out var why) && why.Length > 0).Select(peer => $"{peer}: {epoch.Without[peer]}");
        shown[epoch.Service] = new(state.Epoch, held ? epoch.Since : null, held ? time.GetUtcNow() + (until!.Value - now) : null, state.Named is not null, [.. state.Peers], string.Join("; ", without));
    }

    private sealed class Epoch(string service, long own, HoldState state)
    {
        public string Service { get; } = service;

        public long Own { get; } = own;

        public HoldState State { get; set; } = state;

        public TimeSpan ToldUntil { get; set; }

        /// <summary>Since when it has gone on without the lease, by the time of day; null: it does not.</summary>
        public DateTimeOffset? Since { get; set; }

        /// <summary>By peer: why it did not promise when it was asked last; empty: it did.</summary>
        public Dictionary<string, string> Without { get; } = new(StringComparer.Ordinal);
    }
}

/// <summary>How an epoch of this node is held.</summary>
/// <param name="Since">When the lease was lost without which it goes on; null: it has its lease.</param>
/// <param name="Until">Until when it goes on, as far as is promised now; null: it has its lease.</param>
/// <param name="IsReady">The store says who must agree: it can be held.</param>
/// <param name="Without">Who did not promise when asked last, and why.</param>
internal sealed record Holding(long Epoch, DateTimeOffset? Since, DateTimeOffset? Until, bool IsReady, IReadOnlyList<string> Peers, string Without);
