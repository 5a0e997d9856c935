using System.Collections.Immutable;

namespace Holdfast.Core.Leadership;

/// <summary>Until when an epoch may act that may be held while the store is away, and what that rests on. Moments are on the clock since boot that counts suspend.</summary>
public sealed record HoldState
{
    public required string Node { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Of the node's lease and of promises alike: a promise is a lease that all peers give together.</summary>
    public required LeaseTerms Terms { get; init; }

    /// <summary>The lease that the leader's key is under, as far as is known.</summary>
    public required long Lease { get; init; }

    /// <summary>The node's lease, and when what was acknowledged last had been sent; null: it has none.</summary>
    public RenewedLease? Own { get; init; }

    public LeadershipView? View { get; init; }

    /// <summary>Who should have to agree, this node included; null: the service does not want to be held.</summary>
    public IReadOnlyList<string>? Wanted { get; init; }

    /// <summary>Who must agree, as this agent has written it into the store and knows; null: nothing is known, and nothing is held.</summary>
    public IReadOnlyList<string>? Named { get; init; }

    /// <summary>What else may be written there: of these changes nobody said what became of them.</summary>
    public ImmutableList<IReadOnlyList<string>> Maybe { get; init; } = [];

    /// <summary>By peer: when the last question had been sent that it answered with its promise.</summary>
    public ImmutableDictionary<string, TimeSpan> Promises { get; init; } = ImmutableDictionary<string, TimeSpan>.Empty;

    /// <summary>When peers are asked again.</summary>
    public TimeSpan AskAt { get; init; }

    /// <summary>Only what was sent then or later lets anything new in.</summary>
    public TimeSpan TrustFrom { get; init; }

    /// <summary>What the supervisor was told last.</summary>
    public TimeSpan ToldHardAt { get; init; }

    public long Attempt { get; init; }

    /// <summary>The change that is under way; null: none.</summary>
    public HoldEffect? Asked { get; init; }

    public TimeSpan ChangeAgainAt { get; init; }

    /// <summary>It is fenced, and stays so.</summary>
    public bool IsOver { get; init; }

    /// <summary>All that must promise.</summary>
    public IEnumerable<string> Peers => Maybe.Append(Named ?? []).SelectMany(names => names).Distinct().Where(name => name != Node);

    /// <summary>When the oldest of the promises that are needed had been asked for; null: one is missing.</summary>
    public TimeSpan? PromisedFrom(TimeSpan now)
    {
        if (Named is null) return null;
        // Where nobody else may ever lead there is nobody to ask. In steps, so that not each look is a new deadline to be told.
        var oldest = TimeSpan.FromTicks(now.Ticks - (now.Ticks % Terms.RenewEvery.Ticks));
        if (Peers.Any()) oldest = now;
        foreach (var peer in Peers)
        {
            if (!Promises.TryGetValue(peer, out var sent)) return null;
            if (sent < oldest) oldest = sent;
        }

        return oldest;
    }

    /// <summary>Until when it may act by the promises alone; in the past, or null: it may not.</summary>
    public TimeSpan? HeldUntil(TimeSpan now) => PromisedFrom(now) + Terms.Hard;

    /// <summary>The lease that its key is under is known to live, and lately.</summary>
    public bool IsCovered(TimeSpan now) => Own is { } own && own.Id == Lease && now < own.SentAt + Terms.Hard;
}

/// <summary>A lease of the store's.</summary>
/// <param name="SentAt">When what was acknowledged last had been sent.</param>
public sealed record RenewedLease(long Id, TimeSpan SentAt);
