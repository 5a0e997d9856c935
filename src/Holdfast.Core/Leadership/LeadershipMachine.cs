namespace Holdfast.Core.Leadership;

/// <summary>
/// One node's part in the leadership of one service, as one pure function (law 4). It looks at what is, not at what happened last: after any crash, loss or repetition
/// it goes on from what store and supervisor say. Its promises: it lets nothing act but in an epoch that the store gave to this node under the lease that it
/// holds; in none twice; and it gives leadership away only when it is proven that nothing of its epoch runs.
/// </summary>
public static class LeadershipMachine
{
    /// <summary>The best candidate takes what is vacant at once, the next one so much later, and so on: an order, on which nothing but speed depends.</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(200);

    /// <summary>A change that came to nothing is asked for again when the store shows something new, or after so long.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    /// <param name="wall">Counts failovers within the budget, and decides nothing else.</param>
    public static LeadershipStep Step(LeadershipState now, LeadershipInput input, TimeSpan clock, DateTimeOffset wall)
    {
        ArgumentNullException.ThrowIfNull(now);
        var (heard, reason) = Hear(now, input);
        heard = Look(heard, clock);
        var step = Decide(heard, clock, wall);
        return step.Reason.Length > 0 ? step : step with { Reason = reason };
    }

    private static (LeadershipState State, string Reason) Hear(LeadershipState now, LeadershipInput input) => (now.Phase, input) switch
    {
        (_, LeadershipInput.Saw saw) when now.View is null || saw.View.Revision > now.View.Revision => (now with { View = saw.View }, "the store changed"),
        (_, LeadershipInput.LeaseIs lease) => (now with { Lease = lease.Lease }, lease.Lease is null ? "there is no lease" : "there is a lease"),
        (_, LeadershipInput.Promised promised) => (now with { Promise = promised.Promise }, $"it was promised not to lead above epoch {promised.Promise.Epoch}"),
        (LeadershipPhase.Acting acting, LeadershipInput.Held held) when held.Epoch == acting.Epoch => (now with { HeldUntil = held.Until }, "all peers have promised not to lead"),
        (LeadershipPhase.Acting acting, LeadershipInput.Attached attached) when attached.Epoch == acting.Epoch =>
            (now with { Phase = acting with { Lease = attached.Lease } }, "the epoch goes on under another lease"),
        (LeadershipPhase.Acting acting, LeadershipInput.Ended ended) when ended.Epoch == acting.Epoch =>
            (now with { Phase = new LeadershipPhase.Stopping(acting.Epoch, acting.Lease, Then: null), EmptyOf = acting.Epoch }, ended.Why),
        (LeadershipPhase.Stopping stopping, LeadershipInput.Ended ended) when ended.Epoch == stopping.Epoch => (now with { EmptyOf = ended.Epoch }, ended.Why),
        (LeadershipPhase.Taking taking, LeadershipInput.Changed { End: ChangeEnd.Done } done) when done.Attempt == now.Attempt =>
            (now with { Phase = new LeadershipPhase.Following(), Won = new Leader(now.Node, taking.Epoch, taking.Lease) }, "the epoch is ours"),
        (LeadershipPhase.Taking or LeadershipPhase.Giving, LeadershipInput.Changed changed) when changed.Attempt == now.Attempt =>
            (now with { Phase = new LeadershipPhase.Following() }, changed.End == ChangeEnd.Unknown ? "nobody said what became of it" : "it is settled"),
        _ => (now, "it is late, and means nothing any more"),
    };

    private static LeadershipState Look(LeadershipState now, TimeSpan clock) =>
        now.View is { Leader: null } && now.Won is null ? now with { VacantSince = now.VacantSince ?? clock } : now with { VacantSince = null };

    private static LeadershipStep Decide(LeadershipState now, TimeSpan clock, DateTimeOffset wall) => now.Phase switch
    {
        LeadershipPhase.Following => Follow(now, clock, wall),
        LeadershipPhase.Acting acting => KeepActing(now, acting, clock),
        LeadershipPhase.Stopping stopping when now.EmptyOf == stopping.Epoch => Give(now, stopping, clock),
        _ => new(now, [], ""),
    };

    private static LeadershipStep Follow(LeadershipState now, TimeSpan clock, DateTimeOffset wall)
    {
        var leader = now.Won ?? now.View?.Leader;
        now = now with { Won = null };
        if (now.Lease is not { } lease || now.View is not { } view) return new(now, [], "");
        var asked = view.Revision == now.AskedOf && clock < now.AskAgainAt;
        if (leader is null) return asked ? new(now, [], "") : Stand(now, view, lease, clock, wall);
        if (leader.Node != now.Node) return new(now, [], "");
        if (leader.Lease == lease && leader.Epoch > now.ActedIn)
        {
            if (HasPromised(now, leader.Epoch, clock)) return new(now, [], "this node leads, and has promised not to yet");
            return new(
                now with { Phase = new LeadershipPhase.Acting(leader.Epoch, lease), ActedIn = leader.Epoch, EmptyOf = 0, HeldUntil = TimeSpan.Zero },
                [new LeadershipEffect.Act(leader.Epoch, lease)],
                $"this node leads in epoch {leader.Epoch}");
        }

        // It says that we lead in an epoch that is over for us. Nothing of it runs: a stop has ended, or the lease it was under.
        return view.Leader == leader && !asked
            ? Ask(now, clock, new LeadershipPhase.Giving(leader.Epoch), attempt => new LeadershipEffect.Release(attempt, view.LeaderRevision, view.Last with { GivenBack = true }), "the epoch is over on this node")
            : new(now, [], "");
    }

    /// <summary>Nobody leads.</summary>
    private static LeadershipStep Stand(LeadershipState now, LeadershipView view, long lease, TimeSpan clock, DateTimeOffset wall)
    {
        if (view.Paused) return new(now, [], "nobody leads, and the cluster is paused");
        if (HasPromised(now, view.Last.Epoch + 1, clock)) return new(now, [], "nobody leads, and this node has promised not to yet");
        if (view.Last.Peers is { } peers && !peers.Contains(now.Node)) return new(now, [], $"nobody leads; whether {view.Last.Node} has ended only those know that it asks: {string.Join(", ", peers)}");
        var ranked = CandidateRanking.Rank(view.Candidates);
        var place = ranked.ToList().FindIndex(c => c.Node == now.Node && c.Lease == lease);
        if (place < 0) return new(now, [], "nobody leads, and this node cannot");
        if (clock < now.VacantSince + (Stagger * place)) return new(now, [], $"nobody leads; {ranked[0].Node} is the first to");
        var planned = view.Last.Epoch == 0 || view.Last.GivenBack;
        if (!planned && !now.Budget.AllowsOneMore(view.Last, wall))
        {
            var alarm = $"it has failed over {now.Budget.Most} times within {now.Budget.Within}: somebody must look, and say that it may go on";
            return new(now with { Alarmed = true }, now.Alarmed ? [] : [new LeadershipEffect.Alarm(alarm)], alarm);
        }

        var epoch = view.Last.Epoch + 1;
        // Neither the first epoch of all is a failover, nor one after an end in good order.
        IEnumerable<DateTimeOffset> recent = view.Last.Failovers.Where(f => wall - f < now.Budget.Within);
        IReadOnlyList<DateTimeOffset> failovers = planned ? [.. recent] : [.. recent, wall];
        return Ask(
            now with { Alarmed = false },
            clock,
            new LeadershipPhase.Taking(epoch, lease),
            attempt => new LeadershipEffect.Take(attempt, epoch, lease, view.LastRevision, new LastEpoch(epoch, now.Node, failovers) { Peers = view.Last.Peers }),
            "nobody leads, and this node is the next");
    }

    private static bool HasPromised(LeadershipState now, long epoch, TimeSpan clock) => now.Promise is { } promise && epoch > promise.Epoch && clock < promise.Until;

    private static LeadershipStep KeepActing(LeadershipState now, LeadershipPhase.Acting acting, TimeSpan clock)
    {
        var isHeld = clock < now.HeldUntil;
        if (now.Lease != acting.Lease && !isHeld) return Stop(now, acting, atOnce: true, then: null, "the lease it led under is no more");
        if (now.View is not { } view) return new(now, [], "");
        // What was seen may be older than the epoch: it says nothing against it then.
        if (view.Last.Epoch > acting.Epoch || (view.Last.Epoch == acting.Epoch && view.Leader?.Epoch != acting.Epoch && !isHeld))
            return Stop(now, acting, atOnce: true, then: null, view.Leader is { } other ? $"{other.Node} leads in epoch {other.Epoch}" : "the store says that nobody leads");
        // What is to be given away must be had first.
        if (isHeld && (now.Lease != acting.Lease || view.Leader?.Lease != acting.Lease)) return new(now, [], "it goes on because all peers have promised not to lead");
        if (view.SwitchTo is { } wanted && wanted != now.Node && view.Candidates.FirstOrDefault(c => c.Node == wanted) is { CanLead: true })
            return Stop(now, acting, atOnce: false, then: wanted, $"it is wanted on {wanted}");
        if (view.Candidates.FirstOrDefault(c => c.Node == now.Node) is { Excluded: { } why } && Best(now, but: now.Node) is { } next)
            return Stop(now, acting, atOnce: false, then: next.Node, why);
        return new(now, [], "");
    }

    private static LeadershipStep Give(LeadershipState now, LeadershipPhase.Stopping stopping, TimeSpan clock)
    {
        // Without the lease, or the key, there is nothing to give.
        if (now.Lease != stopping.Lease || now.View is not { Leader: { } leader } view || leader.Epoch != stopping.Epoch)
            return new(now with { Phase = new LeadershipPhase.Following() }, [], "nothing of it runs any more");
        var target = view.Candidates.FirstOrDefault(c => c.Node == stopping.Then) is { CanLead: true } wanted ? wanted : Best(now, but: now.Node);
        if (target is null)
            return Ask(now, clock, new LeadershipPhase.Giving(stopping.Epoch), attempt => new LeadershipEffect.Release(attempt, view.LeaderRevision, view.Last with { GivenBack = true }), "nobody else can lead now");
        var to = new Leader(target.Node, stopping.Epoch + 1, target.Lease);
        return Ask(
            now,
            clock,
            new LeadershipPhase.Giving(stopping.Epoch),
            attempt => new LeadershipEffect.HandOver(attempt, to, view.LeaderRevision, view.Last with { Epoch = to.Epoch, Node = to.Node, GivenBack = false }),
            $"{target.Node} leads next");
    }

    private static LeadershipStep Stop(LeadershipState now, LeadershipPhase.Acting acting, bool atOnce, string? then, string why) =>
        new(now with { Phase = new LeadershipPhase.Stopping(acting.Epoch, acting.Lease, then) }, [new LeadershipEffect.Stop(acting.Epoch, atOnce, why)], why);

    private static LeadershipStep Ask(LeadershipState now, TimeSpan clock, LeadershipPhase phase, Func<long, LeadershipEffect> effect, string why)
    {
        var attempt = now.Attempt + 1;
        return new(now with { Phase = phase, Attempt = attempt, AskedOf = now.View!.Revision, AskAgainAt = clock + AskAgainAfter }, [effect(attempt)], why);
    }

    private static Candidate? Best(LeadershipState now, string but) =>
        now.View is { } view ? CandidateRanking.Rank(view.Candidates).FirstOrDefault(c => c.Node != but) : null;
}
