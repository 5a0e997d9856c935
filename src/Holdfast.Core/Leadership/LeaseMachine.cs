using System.Globalization;

namespace Holdfast.Core.Leadership;

/// <summary>
/// The life of a node's lease as one pure function (law 4). Its promises: what it lets act is never later than the lease itself minus the time to kill; a lease that
/// was fenced is never taken up again; a request without an answer changes nothing by itself; a renewal that is lost costs nothing
/// but itself.
/// </summary>
public static class LeaseMachine
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(5);

    public static LeaseState Begin { get; } = new LeaseState.None(TimeSpan.Zero, 0);

    /// <param name="now">Since boot, suspend included.</param>
    /// <param name="kill">The longest that killing has taken on this node.</param>
    public static LeaseStep Step(LeaseState lease, LeaseInput input, TimeSpan now, TimeSpan kill)
    {
        // A fence as well, and it asks for nothing more.
        if (input is LeaseInput.GivenUp leaves)
            return new(new LeaseState.None(leaves.AskAt, 0), lease is LeaseState.Held given ? [new LeaseEffect.Fence(given.Id, leaves.Why), new LeaseEffect.Revoke(given.Id)] : [], leaves.Why);
        // Before anything else: whoever slept through the deadline has nothing left to decide, whatever has come meanwhile.
        if (lease is LeaseState.Held held && now >= held.HardAt)
            return Lost(held, now, $"its deadline has passed by {InWords(now - held.HardAt)} without a renewal");
        return (lease, input) switch
        {
            (LeaseState.None none, LeaseInput.TimePassed) when none.AskAt <= now =>
                new(new LeaseState.Asked(now, none.Refusals), [new LeaseEffect.Ask(now)], "there is no lease"),
            (LeaseState.Asked asked, LeaseInput.Granted granted) when granted.SentAt == asked.At => Take(asked, granted, now, kill),
            (LeaseState.Asked asked, LeaseInput.Unanswered unanswered) when unanswered.SentAt == asked.At => Again(asked.Refusals, now, unanswered.Why),
            (LeaseState.Held own, _) => Step(own, input, now),
            _ => new(lease, [], "it is late, and means nothing any more"),
        };
    }

    private static LeaseStep Step(LeaseState.Held held, LeaseInput input, TimeSpan now) => input switch
    {
        LeaseInput.TimePassed => PassTime(held, now),
        LeaseInput.Renewed renewed when renewed.Id == held.Id && renewed.SentAt > held.From && renewed.SentAt >= held.TrustFrom => Renewed(held, renewed.SentAt, now),
        LeaseInput.Unanswered unanswered => new(held, [], $"a renewal came to nothing: {unanswered.Why}"),
        LeaseInput.Gone gone when gone.Id == held.Id => Lost(held, now, "the store says that it has ended"),
        LeaseInput.TimeDoubted doubted => Doubt(held, now, doubted.Why),
        _ => new(held, [], "it is late, and means nothing any more"),
    };

    private static LeaseStep Take(LeaseState.Asked asked, LeaseInput.Granted granted, TimeSpan now, TimeSpan kill)
    {
        var terms = LeaseTerms.Of(granted.Length, kill);
        if (!terms.TryGet(out var known)) return Again(asked.Refusals, now, terms.Problems[0].ToString());
        var held = new LeaseState.Held(granted.Id, known, granted.SentAt, granted.SentAt + known.RenewEvery, granted.SentAt, null);
        return now >= held.SoftAt
            ? Again(asked.Refusals, now, "it was granted so late that half of it was over")
            : new(held, [new LeaseEffect.Extend(held.Id, held.SoftAt, held.HardAt)], $"a lease of {InWords(known.Length)} was granted");
    }

    private static LeaseStep PassTime(LeaseState.Held held, TimeSpan now)
    {
        var effects = new List<LeaseEffect>();
        var reason = "nothing is due";
        if (held.Doubt is null && now >= held.SoftAt)
        {
            held = held with { Doubt = "half of it is over without a renewal" };
            effects.Add(new LeaseEffect.HoldBack(held.Id, held.Doubt));
            reason = held.Doubt;
        }

        if (now >= held.RenewAt)
        {
            // Counted from when it was due, not from now, or the lateness of every turn would add up (DotNetWorkQueue#315).
            var next = held.RenewAt + held.Terms.RenewEvery;
            held = held with { RenewAt = next > now ? next : now + held.Terms.RenewEvery };
            effects.Add(new LeaseEffect.Renew(held.Id, now));
            reason = held.Doubt ?? "a renewal is due";
        }

        return new(held, effects, reason);
    }

    private static LeaseStep Renewed(LeaseState.Held held, TimeSpan sentAt, TimeSpan now)
    {
        held = held with { From = sentAt, Doubt = null };
        // An answer that took half of the lease extends it, but what it extends is already in doubt.
        if (now >= held.SoftAt) held = held with { Doubt = "its renewal was answered so late that half of it was over" };
        return new(
            held,
            held.Doubt is null
                ? [new LeaseEffect.Extend(held.Id, held.SoftAt, held.HardAt)]
                : [new LeaseEffect.Extend(held.Id, held.SoftAt, held.HardAt), new LeaseEffect.HoldBack(held.Id, held.Doubt)],
            held.Doubt ?? "it was renewed");
    }

    /// <summary>What the clocks say cannot be trusted, so what was sent before proves nothing: only a renewal that begins now does.</summary>
    private static LeaseStep Doubt(LeaseState.Held held, TimeSpan now, string why)
    {
        held = held with { Doubt = why, TrustFrom = now, RenewAt = now + held.Terms.RenewEvery };
        return new(held, [new LeaseEffect.HoldBack(held.Id, why), new LeaseEffect.Renew(held.Id, now)], why);
    }

    private static LeaseStep Lost(LeaseState.Held held, TimeSpan now, string why) =>
        new(new LeaseState.None(now, 0), [new LeaseEffect.Fence(held.Id, why)], why);

    private static LeaseStep Again(int refusals, TimeSpan now, string why)
    {
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(refusals, 10)));
        return new(new LeaseState.None(now + pause, refusals + 1), [], why);
    }

    private static string InWords(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
