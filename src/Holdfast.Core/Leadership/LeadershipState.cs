using System.Text.Json.Serialization;

namespace Holdfast.Core.Leadership;

/// <summary>One service's leadership as one node knows it. Moments are on the clock since boot that counts suspend.</summary>
public sealed record LeadershipState
{
    public required string Node { get; init; }

    public required LeadershipPhase Phase { get; init; }

    /// <summary>Null: nothing was seen yet.</summary>
    public LeadershipView? View { get; init; }

    /// <summary>The node's lease; null: it has none.</summary>
    public long? Lease { get; init; }

    /// <summary>The highest epoch that this node has acted in: none is acted in twice.</summary>
    public long ActedIn { get; init; }

    /// <summary>Since when nobody has been seen to lead.</summary>
    public TimeSpan? VacantSince { get; init; }

    /// <summary>Of which epoch it is proven that nothing runs; 0: of none that matters.</summary>
    public long EmptyOf { get; init; }

    /// <summary>What was just taken, before the store shows it.</summary>
    public Leader? Won { get; init; }

    /// <summary>The revision that was seen when a change was last asked for, and until when it is not asked for again unless another is seen.</summary>
    public long AskedOf { get; init; }

    public TimeSpan AskAgainAt { get; init; }

    /// <summary>Numbers the changes that were asked for: an answer to an earlier one means nothing.</summary>
    public long Attempt { get; init; }

    /// <summary>What this node has promised another; null: nothing that it knows of.</summary>
    public Promise? Promise { get; init; }

    /// <summary>Until when what acts goes on whatever becomes of the lease, since all peers have promised not to lead.</summary>
    public TimeSpan HeldUntil { get; init; }

    /// <summary>That the budget is used up was told.</summary>
    public bool Alarmed { get; init; }

    public FailoverBudget Budget { get; init; } = FailoverBudget.Default;

    public static LeadershipState Of(string node) => new() { Node = node, Phase = new LeadershipPhase.Following() };

    /// <summary>An agent is back and finds what its supervisor kept: the process that acts in an epoch, under the lease that it had.</summary>
    public static LeadershipState Resume(string node, long epoch, long lease) =>
        new() { Node = node, Phase = new LeadershipPhase.Acting(epoch, lease), Lease = lease, ActedIn = epoch };
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Following), "following")]
[JsonDerivedType(typeof(Taking), "taking")]
[JsonDerivedType(typeof(Acting), "acting")]
[JsonDerivedType(typeof(Stopping), "stopping")]
[JsonDerivedType(typeof(Giving), "giving")]
public abstract record LeadershipPhase
{
    private LeadershipPhase()
    {
    }

    /// <summary>Another leads, or nobody does.</summary>
    public sealed record Following : LeadershipPhase;

    /// <summary>An epoch was asked for.</summary>
    public sealed record Taking(long Epoch, long Lease) : LeadershipPhase;

    public sealed record Acting(long Epoch, long Lease) : LeadershipPhase;

    /// <summary>What acted is being stopped; over when it is proven that nothing of it runs.</summary>
    /// <param name="Then">To whom leadership goes afterwards; null: to whoever takes it.</param>
    public sealed record Stopping(long Epoch, long Lease, string? Then) : LeadershipPhase;

    /// <summary>It was asked to be given away.</summary>
    public sealed record Giving(long Epoch) : LeadershipPhase;
}
