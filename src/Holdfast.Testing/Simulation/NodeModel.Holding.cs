using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;

namespace Holdfast.Testing.Simulation;

/// <summary>How a node goes on while the store is away, and what it promises others for that: the real decisions, on a model of a disk and of a network between nodes.</summary>
internal sealed partial class NodeModel
{
    // The agent's memory.
    private HoldState? hold;
    private Promise? promise;
    private bool hasLooked, isUnsure;

    // The disk's.
    private (Promise Promise, int Boot)? written;
    private int boots;

    private bool isMember = true;

    /// <summary>Its epochs may be held.</summary>
    public bool MayHold { get; init; }

    /// <summary>All nodes, by name.</summary>
    public required Func<string, NodeModel> Others { get; init; }

    /// <summary>Nothing passes between it and other nodes.</summary>
    public bool PeersAreCut { get; set; }

    /// <summary>How often an epoch went on without its lease, and how often the key was put under another one.</summary>
    public (long Held, long Attached) Holds { get; private set; }

    /// <summary>What other nodes send to it comes late.</summary>
    public bool PeersAreSlow { get; set; }

    public void Belong(bool belongs) => isMember = belongs;

    /// <summary>The clock since boot begins anew.</summary>
    private void RebootClock()
    {
        boots++;
        bootOffset = -(world.Now * rate);
    }

    /// <summary>An agent begins: what was promised is read. How long the machine was down is not known, so it is kept for its whole length after a boot.</summary>
    private void BeginToHold()
    {
        hold = null;
        hasLooked = isUnsure = false;
        promise = written switch
        {
            null => null,
            { } kept when kept.Boot == boots => kept.Promise,
            { } kept => kept.Promise with { Until = Boot + Length },
        };
        // It may be read again after another boot.
        if (promise is not null) written = (promise, boots);
    }

    /// <summary>What comes first is what was asked for in this life: only that is as new as all that this node did before.</summary>
    private void See(LeadershipView view, IReadOnlyList<string> members, bool asked = false)
    {
        if (!asked && !hasLooked) return;
        hasLooked = true;
        if (breakage == Breakage.TakesUnnamed) view = view with { Last = view.Last with { Peers = null } };
        if (isUnsure) ResumeHeld(view);
        TakeHold(new HoldInput.Saw(view, members));
        TakeLeadership(new LeadershipInput.Saw(view));
    }

    /// <summary>What the supervisor kept goes on if its key is under the lease that goes on.</summary>
    private void ResumeHeld(LeadershipView view)
    {
        isUnsure = false;
        if (process is not { } found)
        {
            // It has ended while nobody knew what it was under: its epoch is not begun again.
            leadership = NewLeadership() with { ActedIn = view.Last.Node == Name ? view.Last.Epoch : 0, Lease = (lease as LeaseState.Held)?.Id };
            return;
        }

        if (processLives && !killing && lease is LeaseState.Held held && view.Leader == new Leader(Name, found.Epoch, held.Id))
        {
            leadership = LeadershipState.Resume(Name, found.Epoch, held.Id) with { Budget = Unlimited, Promise = promise };
            hold = HoldMachine.Begin(Name, found.Epoch, held.Terms, held.Id, held.From);
            return;
        }

        StopKept(found);
    }

    /// <returns>The lease that the supervisor is told of.</returns>
    private long BeginHolding(LeadershipEffect.Act act)
    {
        if (!MayHold || lease is not LeaseState.Held held) return act.Lease;
        hold = HoldMachine.Begin(Name, act.Epoch, held.Terms, act.Lease, held.From);
        TakeHold(new HoldInput.TimePassed());
        return -act.Epoch;
    }

    private void TakeHold(HoldInput input)
    {
        if (hold is not { } before) return;
        var step = HoldMachine.Step(before, input, Boot);
        Decided(new Decision.OfHold(before, input, Boot, step));
        hold = step.State;
        var until = step.State.HeldUntil(Boot);
        if (until != before.HeldUntil(Boot)) TakeLeadership(new LeadershipInput.Held(before.Epoch, until ?? TimeSpan.Zero));
        if (step.State.Lease != before.Lease)
        {
            Holds = (Holds.Held, Holds.Attached + 1);
            TakeLeadership(new LeadershipInput.Attached(before.Epoch, step.State.Lease));
        }

        if (input is HoldInput.Lost && !step.State.IsOver) Holds = (Holds.Held + 1, Holds.Attached);
        foreach (var effect in step.Effects) Do(effect, before.Epoch);
    }

    private void Do(HoldEffect effect, long epoch)
    {
        var (node, now) = (Name, life);
        switch (effect)
        {
            case HoldEffect.Name or HoldEffect.Attach:
                var attempt = effect is HoldEffect.Name name ? name.Attempt : ((HoldEffect.Attach)effect).Attempt;
                Link.Ask(
                    InThisLife(),
                    () => store.Do(node, now, effect),
                    done => TakeHold(new HoldInput.Changed(attempt, done ? ChangeEnd.Done : ChangeEnd.Refused)),
                    () => TakeHold(new HoldInput.Changed(attempt, ChangeEnd.Unknown)));
                break;
            case HoldEffect.Ask ask:
                foreach (var peer in ask.Peers) AskPeer(Others(peer), epoch, ask.SentAt);
                break;
            case HoldEffect.Extend extend:
                InSupervisor(() =>
                {
                    deadlines[-epoch] = extend.HardAt;
                    WatchDeadline(-epoch);
                });
                break;
            case HoldEffect.Fence fence:
                InSupervisor(() =>
                {
                    deadlines.Remove(-epoch);
                    if (process is { } found && found.Lease == -epoch) Kill(fence.Why);
                });
                break;
        }
    }

    private void AskPeer(NodeModel peer, long epoch, TimeSpan sentAt)
    {
        var here = InThisLife();
        SendTo(peer, () => peer.InAgent(() => peer.Promised(epoch, () => peer.SendTo(this, () => here(() => Hear(peer, epoch, sentAt))))));
    }

    private void Hear(NodeModel peer, long epoch, TimeSpan sentAt)
    {
        if (hold?.Epoch != epoch) return;
        TakeHold(new HoldInput.Promised(peer.Name, sentAt));
        if (breakage != Breakage.HoldsByMajority || hold is not { Named: { } named }) return;
        var all = hold.Peers.ToList();
        if (all.Count(name => hold.Promises.GetValueOrDefault(name) >= sentAt) + 1 <= named.Count / 2) return;
        foreach (var name in all) TakeHold(new HoldInput.Promised(name, sentAt));
    }

    /// <summary>It keeps to it before it is on disk, and says so when it is.</summary>
    private void Promised(long epoch, Action answer)
    {
        var view = leadership.View;
        var known = hasLooked && view is not null ? Math.Max(view.Last.Epoch, leadership.ActedIn) : (long?)null;
        var isFollowing = leadership.Phase is LeadershipPhase.Following && !isUnsure;
        if (breakage == Breakage.PromisesAnything) (known, isFollowing) = (epoch, true);
        if (!Promise.Give(promise, epoch, Length, known, isFollowing, Boot).TryGet(out var given)) return;
        promise = given;
        if (breakage != Breakage.BreaksItsPromise) TakeLeadership(new LeadershipInput.Promised(given));
        var (own, boot) = (life, boots);
        world.After(world.Between(0.5, world.OneIn(20) ? 400 : 15), () =>
        {
            if (boots != boot) return;
            if (breakage != Breakage.PromisesFromMemory && !(written is { Boot: var at, Promise: var newer } && at == boot && newer.Until > given.Until)) written = (given, boot);
            InAgent(() =>
            {
                if (life == own) answer();
            });
        });
    }

    private void SendTo(NodeModel other, Action arrives)
    {
        if (PeersAreCut || other.PeersAreCut || IsStopped || Link.IsLost() || other.Link.IsLost()) return;
        // What is under way when the two are cut off still arrives.
        world.After(Link.Way() + other.Link.Way() + (other.PeersAreSlow ? world.Between(300, 2500) : TimeSpan.Zero), arrives);
    }
}
