namespace Holdfast.Core.Supervision;

/// <summary>Where an instance is on its way. Finer than <see cref="InstanceState"/>, which people see.</summary>
public abstract record Phase
{
    private Phase()
    {
    }

    public abstract InstanceState State { get; }

    /// <summary>The moment this phase waits for; null: it waits for something to happen.</summary>
    public virtual TimeSpan? Due => null;

    public sealed record Stopped : Phase
    {
        public override InstanceState State => InstanceState.Stopped;
    }

    /// <summary>For what it comes after.</summary>
    public sealed record Waiting : Phase
    {
        public override InstanceState State => InstanceState.Waiting;
    }

    /// <summary>The preStart hook runs.</summary>
    public sealed record Preparing : Phase
    {
        public override InstanceState State => InstanceState.Starting;
    }

    /// <summary>The start was ordered and is not answered yet.</summary>
    public sealed record Launching : Phase
    {
        public override InstanceState State => InstanceState.Starting;
    }

    /// <summary>The process runs and is not ready yet.</summary>
    public sealed record Starting(TimeSpan ReadyBy) : Phase
    {
        public override InstanceState State => InstanceState.Starting;

        public override TimeSpan? Due => ReadyBy;
    }

    public sealed record Running : Phase
    {
        public override InstanceState State => InstanceState.Running;
    }

    /// <summary>The preStop hook runs.</summary>
    public sealed record PreStopping(Ending Ending) : Phase
    {
        public override InstanceState State => InstanceState.Stopping;
    }

    /// <summary>The stop signal was sent.</summary>
    public sealed record Terminating(Ending Ending, TimeSpan KillAt) : Phase
    {
        public override InstanceState State => InstanceState.Stopping;

        public override TimeSpan? Due => KillAt;
    }

    /// <summary>The container was killed; its emptiness is not proven yet.</summary>
    /// <param name="HookDone">The postStop hook has run: this is the last proof.</param>
    public sealed record Emptying(Ending Ending, bool Empty, TimeSpan AgainAt, bool Told, bool HookDone) : Phase
    {
        public override InstanceState State => InstanceState.Stopping;

        public override TimeSpan? Due => AgainAt;
    }

    /// <summary>The postStop hook runs.</summary>
    public sealed record PostStopping(Ending Ending) : Phase
    {
        public override InstanceState State => InstanceState.Stopping;
    }

    public sealed record BackingOff(TimeSpan Until, DateTimeOffset UntilWall) : Phase
    {
        public override InstanceState State => InstanceState.BackingOff;

        public override TimeSpan? Due => Until;
    }

    public sealed record Completed : Phase
    {
        public override InstanceState State => InstanceState.Completed;
    }

    public sealed record Failed : Phase
    {
        public override InstanceState State => InstanceState.Failed;
    }

    /// <summary>Forgotten: nothing may be done with it any more.</summary>
    public sealed record Gone : Phase
    {
        public override InstanceState State => InstanceState.Stopped;
    }
}

/// <summary>Why a process tree is being ended. Without a cause it is wanted so; with one, restart governance decides what comes next.</summary>
/// <param name="Refusal">The start was refused: no restart mends that.</param>
public sealed record Ending(RestartCause? Cause, string Why, bool Refusal = false);
