namespace Holdfast.Core.Leadership;

/// <summary>
/// How an epoch goes on while the store is away, as one pure function (law 4): because every node that could lead next has promised not to. Its promises: what it lets act
/// is never later than the leader's lease or the oldest promise, each counted from its asking, minus the time to kill; nothing is held but by the promises of all that the
/// store lets lead next, as this agent itself has written it; an epoch goes on under another lease only if nobody led in between; what was over stays over.
/// </summary>
public static class HoldMachine
{
    /// <summary>So much of a lease without a renewal, and the peers are asked: one was due, and has not come.</summary>
    public const double AskAfter = 0.3;

    private static readonly TimeSpan ChangeAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>An epoch begins, or goes on under another agent.</summary>
    /// <param name="lease">The node's, under which its key is.</param>
    /// <param name="sentAt">When its last renewal that was acknowledged had been sent.</param>
    public static HoldState Begin(string node, long epoch, LeaseTerms terms, long lease, TimeSpan sentAt) =>
        new() { Node = node, Epoch = epoch, Terms = terms, Lease = lease, Own = new(lease, sentAt) };

    /// <param name="now">Since boot, suspend included.</param>
    public static HoldStep Step(HoldState hold, HoldInput input, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(hold);
        if (hold.IsOver) return new(hold, [], "it is over");
        // Before anything else: whoever slept through the deadline has nothing left to decide.
        if (DeadlineOf(hold, now) is not { } deadline || now >= deadline) return End(hold, "its deadline has passed");
        hold = Hear(hold, input, now);
        // The supervisor has the deadline, and none is ever taken back: what it was told by the lease must not outlast it.
        if (input is HoldInput.Lost { Why: var why } && hold.Own is null && !(hold.HeldUntil(now) >= hold.ToldHardAt)) return End(hold, why);
        if (DeadlineOf(hold, now) is not { } left || now >= left) return End(hold, "nothing lets it act any more");
        List<HoldEffect> effects = [];
        if (input is HoldInput.TimeDoubted doubted) effects.Add(new HoldEffect.HoldBack(doubted.Why));
        hold = Extend(hold, now, effects);
        hold = Change(hold, now, effects);
        hold = Ask(hold, now, effects);
        return new(hold, effects, Reason(input, effects));
    }

    private static HoldStep End(HoldState hold, string why) => new(hold with { IsOver = true }, [new HoldEffect.Fence(why)], why);

    private static string Reason(HoldInput input, List<HoldEffect> effects)
    {
        if (input is HoldInput.TimeDoubted doubted) return doubted.Why;
        if (input is HoldInput.Lost lost) return $"{lost.Why}; all peers have promised not to lead";
        return effects.LastOrDefault() switch
        {
            HoldEffect.Ask => "no renewal has been answered lately",
            HoldEffect.Attach => "the store is there, and nobody has led meanwhile",
            HoldEffect.Name => "who must agree is not written down as it should be",
            HoldEffect.Extend => "it may act longer",
            _ => "nothing is due",
        };
    }

    private static HoldState Hear(HoldState hold, HoldInput input, TimeSpan now) => input switch
    {
        HoldInput.Renewed renewed when hold.Own is not { } own || own.Id != renewed.Lease || own.SentAt < renewed.SentAt => hold with { Own = new(renewed.Lease, renewed.SentAt) },
        HoldInput.Lost lost when hold.Own?.Id == lost.Lease => hold with { Own = null },
        HoldInput.Saw saw when hold.View is null || saw.View.Revision >= hold.View.Revision => hold with { View = saw.View, Wanted = saw.Peers },
        HoldInput.Promised promised when !hold.Promises.TryGetValue(promised.Peer, out var sent) || sent < promised.SentAt =>
            hold with { Promises = hold.Promises.SetItem(promised.Peer, promised.SentAt) },
        HoldInput.Changed changed when changed.Attempt == hold.Attempt && hold.Asked is { } asked => Settle(hold with { Asked = null }, asked, changed.End),
        HoldInput.TimeDoubted => hold with { TrustFrom = now, AskAt = now },
        _ => hold,
    };

    private static HoldState Settle(HoldState hold, HoldEffect asked, ChangeEnd end) => (asked, end) switch
    {
        // Whatever was asked for before rests on an older revision: it cannot come to pass any more.
        (HoldEffect.Name name, ChangeEnd.Done) => hold with { Named = name.Last.Peers, Maybe = [], ChangeAgainAt = TimeSpan.Zero },
        // It was refused: it is not there, but what was asked for before may be.
        (HoldEffect.Name, ChangeEnd.Refused) => hold with { Maybe = hold.Maybe.IsEmpty ? hold.Maybe : hold.Maybe.RemoveAt(hold.Maybe.Count - 1) },
        (HoldEffect.Attach attach, ChangeEnd.Done) => hold with { Lease = attach.Leader.Lease, ChangeAgainAt = TimeSpan.Zero },
        _ => hold,
    };

    private static TimeSpan? DeadlineOf(HoldState hold, TimeSpan now) => Later(LeaseFrom(hold), hold.PromisedFrom(now)) + hold.Terms.Hard;

    private static TimeSpan? LeaseFrom(HoldState hold) => hold.Own is { } own && own.Id == hold.Lease ? own.SentAt : null;

    private static HoldState Extend(HoldState hold, TimeSpan now, List<HoldEffect> effects)
    {
        var from = Later(Trusted(LeaseFrom(hold)), Trusted(hold.PromisedFrom(now)));
        if (from is not { } basis || basis + hold.Terms.Hard <= hold.ToldHardAt) return hold;
        effects.Add(new HoldEffect.Extend(basis + hold.Terms.Soft, basis + hold.Terms.Hard));
        return hold with { ToldHardAt = basis + hold.Terms.Hard };

        TimeSpan? Trusted(TimeSpan? at) => at >= hold.TrustFrom ? at : null;
    }

    /// <summary>One change of the store at a time.</summary>
    private static HoldState Change(HoldState hold, TimeSpan now, List<HoldEffect> effects)
    {
        if (hold.Asked is not null || now < hold.ChangeAgainAt || hold.View is not { } view || view.Last.Epoch != hold.Epoch || hold.Own is not { } own) return hold;
        var isOurs = view.Leader is { } leader && leader.Node == hold.Node && leader.Epoch == hold.Epoch;
        HoldEffect? change = null;
        if ((isOurs && own.Id != hold.Lease) || (view.Leader is null && now < hold.HeldUntil(now)))
            change = new HoldEffect.Attach(hold.Attempt + 1, new Leader(hold.Node, hold.Epoch, own.Id), view.LeaderRevision, view.LastRevision);
        // Not while the deadline rests on promises: whoever is named now has given none.
        else if (isOurs && hold.IsCovered(now) && hold.ToldHardAt <= own.SentAt + hold.Terms.Hard && view.Leader!.Lease == hold.Lease && !SameNames(hold, view))
            change = new HoldEffect.Name(hold.Attempt + 1, view.Last with { Peers = hold.Wanted }, view.LastRevision);
        if (change is null) return hold;
        effects.Add(change);
        hold = hold with { Asked = change, Attempt = hold.Attempt + 1, ChangeAgainAt = now + ChangeAgainAfter };
        // From now on it may be there, whatever is heard of it.
        return change is HoldEffect.Name name ? hold with { Maybe = hold.Maybe.Add(name.Last.Peers ?? []) } : hold;
    }

    /// <summary>What an agent before this one wrote is written again: only then nothing that it asked for can come to pass later.</summary>
    private static bool SameNames(HoldState hold, LeadershipView view) => hold.Maybe.IsEmpty && (hold.Wanted, hold.Named) switch
    {
        (null, null) => view.Last.Peers is null,
        ({ } wanted, { } named) => wanted.SequenceEqual(named),
        _ => false,
    };

    private static HoldState Ask(HoldState hold, TimeSpan now, List<HoldEffect> effects)
    {
        if (hold.Named is null || hold.Wanted is null || now < hold.AskAt) return hold;
        var isSettled = hold.Own is { } own && own.Id == hold.Lease && now < own.SentAt + (hold.Terms.Length * AskAfter) && own.SentAt >= hold.TrustFrom && hold.View?.Leader?.Lease == hold.Lease;
        if (isSettled || !hold.Peers.Any()) return hold;
        effects.Add(new HoldEffect.Ask([.. hold.Peers], now));
        return hold with { AskAt = now + hold.Terms.RenewEvery };
    }

    private static TimeSpan? Later(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;
}
