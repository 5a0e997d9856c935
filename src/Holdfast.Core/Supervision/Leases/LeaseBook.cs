using System.Globalization;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Supervision.Leases;

/// <summary>
/// What a supervisor knows of its node's leases (law 4b): until when what acts under them may act. It is only in memory: a supervisor that was killed knows none, and starts
/// nothing under any before it is told. Immutable, and pure.
/// </summary>
public sealed record LeaseBook
{
    /// <summary>Those that are over are remembered, so that they are not taken up again; the oldest are forgotten.</summary>
    private const int Most = 64;

    public static LeaseBook Empty { get; } = new() { Leases = [] };

    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<KnownLease> Leases { get; init; }

    /// <summary>The next moment at which something under one of them must end; null: none.</summary>
    public TimeSpan? NextHardAt => Leases.Where(lease => lease.Fenced is null).Select(lease => (TimeSpan?)lease.HardAt).Min();

    public KnownLease? Find(long lease) => Leases.FirstOrDefault(known => known.Lease == lease);

    /// <summary>It lasts until then; an earlier moment than is known changes nothing. Problems: <c>lease.fenced</c>.</summary>
    public Outcome<LeaseBook> Extend(long lease, TimeSpan softAt, TimeSpan hardAt, TimeSpan now)
    {
        var known = Find(lease);
        if (known is not null && WhyOver(known, now) is { } why)
            return new Problem(ProblemKind.Refused, "lease.fenced", $"lease {lease} is over here: {why}") { Why = "what was fenced is never taken up again", Mend = "ask the store for another lease" };
        if (hardAt <= now) return new Problem(ProblemKind.Refused, "lease.fenced", $"lease {lease} was over before it was told of") { Mend = "ask the store for another lease" };
        if (known is not null && known.HardAt >= hardAt) return this;
        return With(new KnownLease(lease, softAt, hardAt));
    }

    /// <summary>Nothing new is started under it until it is extended.</summary>
    public LeaseBook HoldBack(long lease, string why) => Find(lease) is { } known ? With(known with { HeldBack = why }) : this;

    /// <summary>Nothing under it may run any more, known or not.</summary>
    public LeaseBook Fence(long lease, string why) => With((Find(lease) ?? new KnownLease(lease, TimeSpan.Zero, TimeSpan.Zero)) is var known && known.Fenced is null ? known with { Fenced = why } : known);

    /// <summary>Those whose deadline has passed are fenced.</summary>
    public LeaseBook PassTime(TimeSpan now)
    {
        var over = Leases.Where(lease => lease.Fenced is null && lease.HardAt <= now).ToList();
        return over.Aggregate(this, (book, lease) => book.Fence(lease.Lease, WhyOver(lease, now)!));
    }

    /// <summary>Why what is under it must not run; null: it may, or nobody has told of it yet.</summary>
    public string? WhyNotRun(long lease, TimeSpan now) => Find(lease) is { } known ? WhyOver(known, now) : null;

    /// <summary>Why nothing is started under it now; null: it may be.</summary>
    public string? WhyNotStart(long lease, TimeSpan now) => Find(lease) switch
    {
        null => "until when it may act was not told yet: the agent extends the lease when it is there",
        { } known when WhyOver(known, now) is { } over => over,
        { HeldBack: { } held } => $"nothing new is let in: {held}",
        { } known when known.SoftAt <= now => "nothing new is let in: half of the lease is over without a renewal",
        _ => null,
    };

    private static string? WhyOver(KnownLease lease, TimeSpan now) => lease switch
    {
        { Fenced: { } why } => why,
        { } known when known.HardAt <= now => $"its deadline has passed by {(now - known.HardAt).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s without a renewal",
        _ => null,
    };

    private LeaseBook With(KnownLease lease)
    {
        var before = Find(lease.Lease);
        IEnumerable<KnownLease> all = before is null ? Leases.Append(lease) : Leases.Select(known => known.Lease == lease.Lease ? lease : known);
        var over = all.Count(known => known.Fenced is not null) - Most;
        return this with { Leases = [.. all.Where(known => known.Fenced is null || over-- <= 0)] };
    }
}
