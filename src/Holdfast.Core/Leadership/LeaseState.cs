using System.Text.Json.Serialization;

namespace Holdfast.Core.Leadership;

/// <summary>A node's lease as the node knows it. Every moment is on the clock since boot that counts suspend.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(None), "none")]
[JsonDerivedType(typeof(Asked), "asked")]
[JsonDerivedType(typeof(Held), "held")]
public abstract record LeaseState
{
    private LeaseState()
    {
    }

    /// <summary>There is none.</summary>
    /// <param name="AskAt">When one is asked for (again).</param>
    /// <param name="Refusals">How often in a row none was given.</param>
    public sealed record None(TimeSpan AskAt, int Refusals) : LeaseState;

    /// <summary>One was asked for.</summary>
    public sealed record Asked(TimeSpan At, int Refusals) : LeaseState;

    /// <summary>It lives, as far as is known.</summary>
    /// <param name="From">When the last request that was acknowledged had been sent: everything is counted from here.</param>
    /// <param name="RenewAt">When the next renewal is sent, whether those before it are answered or not: a lost one must not cost the time of its waiting.</param>
    /// <param name="TrustFrom">Only a renewal sent then or later proves anything.</param>
    /// <param name="Doubt">Why nothing new is let in; null: there is no doubt.</param>
    public sealed record Held(long Id, LeaseTerms Terms, TimeSpan From, TimeSpan RenewAt, TimeSpan TrustFrom, string? Doubt) : LeaseState
    {
        public TimeSpan SoftAt => From + Terms.Soft;

        public TimeSpan HardAt => From + Terms.Hard;
    }
}
