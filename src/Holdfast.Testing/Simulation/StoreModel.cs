using Holdfast.Core.Leadership;

namespace Holdfast.Testing.Simulation;

/// <summary>
/// Etcd, as far as leadership sees it: keys with revisions, transactions, leases that are looked at every half second, and a leader of its own whose change takes the
/// store away for a while and gives every lease its whole length again, and a second more.
/// </summary>
internal sealed class StoreModel
{
    private static readonly TimeSpan Scan = TimeSpan.FromMilliseconds(500), Election = TimeSpan.FromSeconds(1);

    private readonly World world;
    private readonly double rate;
    private readonly Action changed;
    private readonly Dictionary<long, (TimeSpan End, TimeSpan Length)> leases = [];
    private readonly Dictionary<string, Candidate> candidates = [];
    private readonly Dictionary<(string Node, long Attempt, int Life), bool> requests = [];
    private Leader? leader;
    private LastEpoch last = LastEpoch.None;
    private long revision = 1, leaderRevision, lastRevision, leaseIds;
    private TimeSpan awayUntil;

    /// <param name="rate">How fast its clock runs.</param>
    public StoreModel(World world, double rate, Action changed)
    {
        this.world = world;
        this.rate = rate;
        this.changed = changed;
        world.After(Scan, EndLeases);
    }

    public bool IsAway => world.Now < awayUntil;

    public string? SwitchTo { get; private set; }

    /// <summary>Takes what nobody checks: a breakage.</summary>
    public bool TakesAnything { get; init; }

    /// <summary>Every epoch that was given, and to whom.</summary>
    public List<(long Epoch, string Node)> Given { get; } = [];

    /// <summary>All nodes of the cluster.</summary>
    public IReadOnlyList<string> Members { get; private set; } = [];

    public void Have(IReadOnlyList<string> members)
    {
        Members = members;
        foreach (var gone in candidates.Keys.Where(node => !members.Contains(node)).ToList()) candidates.Remove(gone);
        Change();
    }

    public LeadershipView View() => new(revision, leader, leaderRevision, last, lastRevision, SwitchTo, false, [.. candidates.Values]);

    public long Grant(TimeSpan length)
    {
        leases[++leaseIds] = (End(length), length);
        return leaseIds;
    }

    public bool Renew(long lease)
    {
        if (!leases.TryGetValue(lease, out var held)) return false;
        leases[lease] = (End(held.Length), held.Length);
        return true;
    }

    public void Declare(Candidate candidate)
    {
        if (!leases.ContainsKey(candidate.Lease) || !Members.Contains(candidate.Node) || candidates.GetValueOrDefault(candidate.Node) == candidate) return;
        candidates[candidate.Node] = candidate;
        Change();
    }

    public void Wish(string? node)
    {
        SwitchTo = node;
        Change();
    }

    /// <summary>Does a change once, however often its request arrives.</summary>
    public bool Do(string node, int life, LeadershipEffect effect) => effect switch
    {
        LeadershipEffect.Take take => Once((node, take.Attempt, life), () => Take(node, take)),
        LeadershipEffect.HandOver hand => Once((node, hand.Attempt, life), () => Give(hand)),
        LeadershipEffect.Release release => Once((node, release.Attempt, life), () => Release(release)),
        _ => throw new InvalidOperationException($"Not a change: {effect}"),
    };

    /// <summary>Does a change once, however often its request arrives.</summary>
    public bool Do(string node, int life, HoldEffect effect) => effect switch
    {
        HoldEffect.Name name => Once((node, -name.Attempt - (name.Last.Epoch * 1_000_000), life), () => Name(name)),
        HoldEffect.Attach attach => Once((node, -attach.Attempt - (attach.Leader.Epoch * 1_000_000), life), () => Attach(attach)),
        _ => throw new InvalidOperationException($"Not a change: {effect}"),
    };

    public void ChangeLeader(TimeSpan away)
    {
        awayUntil = world.Now + away;
        world.After(away, () =>
        {
            foreach (var (id, held) in leases.ToList()) leases[id] = (End(held.Length + Election), held.Length);
        });
    }

    private bool Take(string node, LeadershipEffect.Take take)
    {
        if (!leases.ContainsKey(take.Lease)) return false;
        if (!TakesAnything && (leader is not null || lastRevision != take.IfLast)) return false;
        Lead(new Leader(node, take.Epoch, take.Lease), take.Last);
        return true;
    }

    private bool Give(LeadershipEffect.HandOver hand)
    {
        if (!leases.ContainsKey(hand.To.Lease) || leader is null || leaderRevision != hand.IfLeader) return false;
        if (SwitchTo == hand.To.Node) SwitchTo = null;
        Lead(hand.To, hand.Last);
        return true;
    }

    private bool Release(LeadershipEffect.Release release)
    {
        if (leader is null || leaderRevision != release.IfLeader) return false;
        (leader, leaderRevision) = (null, 0);
        (last, lastRevision) = (release.Last, revision + 1);
        Change();
        return true;
    }

    private bool Name(HoldEffect.Name name)
    {
        if (lastRevision != name.IfLast) return false;
        (last, lastRevision) = (name.Last, revision + 1);
        Change();
        return true;
    }

    private bool Attach(HoldEffect.Attach attach)
    {
        if (!leases.ContainsKey(attach.Leader.Lease) || lastRevision != attach.IfLast || leaderRevision != attach.IfLeader) return false;
        (leader, leaderRevision) = (attach.Leader, revision + 1);
        Change();
        return true;
    }

    private void Lead(Leader next, LastEpoch epoch)
    {
        (leader, last) = (next, epoch);
        Given.Add((next.Epoch, next.Node));
        leaderRevision = lastRevision = revision + 1;
        Change();
    }

    private bool Once((string, long, int) request, Func<bool> change)
    {
        if (requests.TryGetValue(request, out var known)) return known;
        return requests[request] = change();
    }

    private void EndLeases()
    {
        world.After(Scan, EndLeases);
        if (IsAway) return;
        var ended = leases.Where(l => l.Value.End <= world.Now).Select(l => l.Key).ToHashSet();
        if (ended.Count == 0) return;
        foreach (var id in ended) leases.Remove(id);
        foreach (var candidate in candidates.Values.Where(c => ended.Contains(c.Lease)).ToList()) candidates.Remove(candidate.Node);
        if (leader is { } fallen && ended.Contains(fallen.Lease)) (leader, leaderRevision) = (null, 0);
        Change();
    }

    private void Change()
    {
        revision++;
        changed();
    }

    private TimeSpan End(TimeSpan length) => world.Now + (length / rate);
}
