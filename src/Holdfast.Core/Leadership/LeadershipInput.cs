using System.Text.Json.Serialization;

namespace Holdfast.Core.Leadership;

/// <summary>What leadership hears of.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TimePassed), "time-passed")]
[JsonDerivedType(typeof(Saw), "saw")]
[JsonDerivedType(typeof(LeaseIs), "lease-is")]
[JsonDerivedType(typeof(Held), "held")]
[JsonDerivedType(typeof(Attached), "attached")]
[JsonDerivedType(typeof(Promised), "promised")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(Changed), "changed")]
public abstract record LeadershipInput
{
    private LeadershipInput()
    {
    }

    public sealed record TimePassed : LeadershipInput;

    /// <summary>The store says so. An older one than was seen means nothing.</summary>
    public sealed record Saw(LeadershipView View) : LeadershipInput;

    /// <summary>The node's lease is this one from now on; null: none.</summary>
    public sealed record LeaseIs(long? Lease) : LeadershipInput;

    /// <summary>All peers have promised not to lead: what acts in this epoch may go on until then without the lease.</summary>
    public sealed record Held(long Epoch, TimeSpan Until) : LeadershipInput;

    /// <summary>The leader's key is under this lease now, in the same epoch.</summary>
    public sealed record Attached(long Epoch, long Lease) : LeadershipInput;

    /// <summary>This node has promised another not to lead.</summary>
    public sealed record Promised(Promise Promise) : LeadershipInput;

    /// <summary>It is proven that nothing of this epoch runs any more.</summary>
    /// <param name="Why">How it ended.</param>
    public sealed record Ended(long Epoch, string Why) : LeadershipInput;

    /// <summary>The change with this number came to this end.</summary>
    public sealed record Changed(long Attempt, ChangeEnd End) : LeadershipInput;
}

/// <summary>What became of a change of the store.</summary>
public enum ChangeEnd
{
    Done,

    /// <summary>Somebody was quicker, or the lease is gone. Nothing was changed.</summary>
    Refused,

    /// <summary>Nobody said. What the store shows next will tell.</summary>
    Unknown,
}

/// <summary>What leadership wants done.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Take), "take")]
[JsonDerivedType(typeof(HandOver), "hand-over")]
[JsonDerivedType(typeof(Release), "release")]
[JsonDerivedType(typeof(Act), "act")]
[JsonDerivedType(typeof(Stop), "stop")]
[JsonDerivedType(typeof(Alarm), "alarm")]
public abstract record LeadershipEffect
{
    private LeadershipEffect()
    {
    }

    /// <summary>
    /// Answered by Changed. If nobody leads and the last epoch is still that of this revision: this node leads in this epoch, under this lease, and the last epoch is this one.
    /// </summary>
    public sealed record Take(long Attempt, long Epoch, long Lease, long IfLast, LastEpoch Last) : LeadershipEffect;

    /// <summary>Answered by Changed. If the leader's key is still that of this revision: the other node leads in this epoch, under its lease, and the last epoch is this one.</summary>
    public sealed record HandOver(long Attempt, Leader To, long IfLeader, LastEpoch Last) : LeadershipEffect;

    /// <summary>Answered by Changed. If the leader's key is still that of this revision: nobody leads, and the last epoch is this one, given back.</summary>
    public sealed record Release(long Attempt, long IfLeader, LastEpoch Last) : LeadershipEffect;

    /// <summary>The supervisor lets the service act in this epoch, until the lease's deadline.</summary>
    public sealed record Act(long Epoch, long Lease) : LeadershipEffect;

    /// <summary>The supervisor ends what acts in this epoch: by its own rules, or at once. Answered by Ended.</summary>
    public sealed record Stop(long Epoch, bool AtOnce, string Why) : LeadershipEffect;

    /// <summary>Somebody must look: it will not go on by itself.</summary>
    public sealed record Alarm(string Why) : LeadershipEffect;
}

/// <summary>What one input led to.</summary>
public sealed record LeadershipStep(LeadershipState State, IReadOnlyList<LeadershipEffect> Effects, string Reason);
