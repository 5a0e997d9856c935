using System.Text.Json.Serialization;

namespace Holdfast.Core.Leadership;

/// <summary>What the holding of an epoch hears of.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TimePassed), "time-passed")]
[JsonDerivedType(typeof(Renewed), "renewed")]
[JsonDerivedType(typeof(Lost), "lost")]
[JsonDerivedType(typeof(Saw), "saw")]
[JsonDerivedType(typeof(Promised), "promised")]
[JsonDerivedType(typeof(Changed), "changed")]
[JsonDerivedType(typeof(TimeDoubted), "time-doubted")]
public abstract record HoldInput
{
    private HoldInput()
    {
    }

    public sealed record TimePassed : HoldInput;

    /// <summary>The node's lease was granted or renewed.</summary>
    /// <param name="SentAt">When what was answered had been sent.</param>
    public sealed record Renewed(long Lease, TimeSpan SentAt) : HoldInput;

    /// <summary>The node's lease is over.</summary>
    public sealed record Lost(long Lease, string Why) : HoldInput;

    /// <summary>The store says so.</summary>
    /// <param name="Peers">All nodes that may lead, this one included, by name; null: the service does not want to be held.</param>
    public sealed record Saw(LeadershipView View, IReadOnlyList<string>? Peers) : HoldInput;

    /// <summary>A peer has promised, for as long as a lease lasts.</summary>
    /// <param name="SentAt">When it had been asked: it promised later.</param>
    public sealed record Promised(string Peer, TimeSpan SentAt) : HoldInput;

    /// <summary>The change with this number came to this end.</summary>
    public sealed record Changed(long Attempt, ChangeEnd End) : HoldInput;

    /// <summary>Time did something that clocks do not tell.</summary>
    public sealed record TimeDoubted(string Why) : HoldInput;
}

/// <summary>What the holding of an epoch wants done.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Name), "name")]
[JsonDerivedType(typeof(Attach), "attach")]
[JsonDerivedType(typeof(Ask), "ask")]
[JsonDerivedType(typeof(Extend), "extend")]
[JsonDerivedType(typeof(HoldBack), "hold-back")]
[JsonDerivedType(typeof(Fence), "fence")]
public abstract record HoldEffect
{
    private HoldEffect()
    {
    }

    /// <summary>Answered by Changed. If the last epoch is still that of this revision: these are the only nodes that may take what comes after it.</summary>
    public sealed record Name(long Attempt, LastEpoch Last, long IfLast) : HoldEffect;

    /// <summary>Answered by Changed. If the leader's key and the last epoch are still those of these revisions (0: there is no key): the key is under this lease, in the same epoch.</summary>
    public sealed record Attach(long Attempt, Leader Leader, long IfLeader, long IfLast) : HoldEffect;

    /// <summary>Answered by Promised, with this moment, or not at all.</summary>
    public sealed record Ask(IReadOnlyList<string> Peers, TimeSpan SentAt) : HoldEffect;

    /// <summary>The supervisor may let the epoch act until then. Never earlier than what was said before.</summary>
    public sealed record Extend(TimeSpan SoftAt, TimeSpan HardAt) : HoldEffect;

    /// <summary>Nothing new is let in until it is extended again.</summary>
    public sealed record HoldBack(string Why) : HoldEffect;

    /// <summary>What acts in the epoch is fenced now, for good.</summary>
    public sealed record Fence(string Why) : HoldEffect;
}

/// <summary>What one input led to.</summary>
public sealed record HoldStep(HoldState State, IReadOnlyList<HoldEffect> Effects, string Reason);
