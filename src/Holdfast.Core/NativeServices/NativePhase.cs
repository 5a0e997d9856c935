namespace Holdfast.Core.NativeServices;

/// <summary>Where a native service is. Finer than <see cref="NativeState"/>, which the SCM sees.</summary>
public abstract record NativePhase
{
    private NativePhase()
    {
    }

    /// <summary>What the SCM sees of it.</summary>
    public abstract NativeState State { get; }

    /// <summary>The moment this phase waits for; null: it waits for something to happen.</summary>
    public virtual TimeSpan? Due => null;

    /// <param name="InHand">The supervisor has begun: a stop can be carried out.</param>
    public sealed record Starting(bool InHand) : NativePhase
    {
        public override NativeState State => NativeState.StartPending;
    }

    public sealed record Running : NativePhase
    {
        public override NativeState State => NativeState.Running;
    }

    public sealed record Pausing(TimeSpan By) : NativePhase
    {
        public override NativeState State => NativeState.PausePending;

        public override TimeSpan? Due => By;
    }

    public sealed record Paused : NativePhase
    {
        public override NativeState State => NativeState.Paused;
    }

    public sealed record Continuing(TimeSpan By) : NativePhase
    {
        public override NativeState State => NativeState.ContinuePending;

        public override TimeSpan? Due => By;
    }

    /// <summary>The instance is being stopped.</summary>
    /// <param name="KillAt">Null: it was killed already, and its emptiness is waited for however long that takes.</param>
    public sealed record Stopping(TimeSpan? KillAt) : NativePhase
    {
        public override NativeState State => NativeState.StopPending;

        public override TimeSpan? Due => KillAt;
    }

    /// <summary>The instance is gone; the supervisor finishes its own work.</summary>
    public sealed record Closing(NativeExit Exit, TimeSpan By) : NativePhase
    {
        public override NativeState State => NativeState.StopPending;

        public override TimeSpan? Due => By;
    }

    /// <summary>Nothing may be told to the SCM any more.</summary>
    public sealed record Over : NativePhase
    {
        public override NativeState State => NativeState.Stopped;
    }
}
