using System.Text.Json.Serialization;

namespace Holdfast.Core.Leadership;

/// <summary>What a lease hears of.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TimePassed), "time-passed")]
[JsonDerivedType(typeof(Granted), "granted")]
[JsonDerivedType(typeof(Renewed), "renewed")]
[JsonDerivedType(typeof(Unanswered), "unanswered")]
[JsonDerivedType(typeof(Gone), "gone")]
[JsonDerivedType(typeof(TimeDoubted), "time-doubted")]
[JsonDerivedType(typeof(GivenUp), "given-up")]
public abstract record LeaseInput
{
    private LeaseInput()
    {
    }

    public sealed record TimePassed : LeaseInput;

    /// <param name="SentAt">When it had been asked for.</param>
    public sealed record Granted(long Id, TimeSpan Length, TimeSpan SentAt) : LeaseInput;

    /// <param name="SentAt">When the renewal that this answers had been sent.</param>
    public sealed record Renewed(long Id, TimeSpan SentAt) : LeaseInput;

    /// <summary>A request came to no answer that judges it. It says nothing about the lease: one such never costs it (Akka.Management#3404).</summary>
    public sealed record Unanswered(TimeSpan SentAt, string Why) : LeaseInput;

    /// <summary>The store says that it has ended.</summary>
    public sealed record Gone(long Id) : LeaseInput;

    /// <summary>The node leaves: nothing leads under it any more, and no other is asked for before then.</summary>
    public sealed record GivenUp(string Why, TimeSpan AskAt) : LeaseInput;

    /// <summary>Time did something that clocks do not tell: the wall clock jumped, the machine was suspended, a virtual machine is another than it was.</summary>
    public sealed record TimeDoubted(string Why) : LeaseInput;
}

/// <summary>What a lease wants done.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Ask), "ask")]
[JsonDerivedType(typeof(Renew), "renew")]
[JsonDerivedType(typeof(Extend), "extend")]
[JsonDerivedType(typeof(HoldBack), "hold-back")]
[JsonDerivedType(typeof(Fence), "fence")]
[JsonDerivedType(typeof(Revoke), "revoke")]
public abstract record LeaseEffect
{
    private LeaseEffect()
    {
    }

    /// <summary>Answered by Granted or Unanswered, with this moment.</summary>
    public sealed record Ask(TimeSpan SentAt) : LeaseEffect;

    /// <summary>Answered by Renewed, Gone or Unanswered, with this moment.</summary>
    public sealed record Renew(long Id, TimeSpan SentAt) : LeaseEffect;

    /// <summary>The supervisors may let what leads under it act until then, and no longer. Never earlier than what was said before.</summary>
    public sealed record Extend(long Id, TimeSpan SoftAt, TimeSpan HardAt) : LeaseEffect;

    /// <summary>Nothing new is let in until it is extended again.</summary>
    public sealed record HoldBack(long Id, string Why) : LeaseEffect;

    /// <summary>All that leads under it is fenced now. It is never taken up again.</summary>
    public sealed record Fence(long Id, string Why) : LeaseEffect;

    /// <summary>The store ends it: nobody is to wait for that.</summary>
    public sealed record Revoke(long Id) : LeaseEffect;
}

/// <summary>What one input led to.</summary>
public sealed record LeaseStep(LeaseState State, IReadOnlyList<LeaseEffect> Effects, string Reason);
