using System.Text.Json.Serialization;

namespace Holdfast.Core.Supervision;

/// <summary>
/// Where an instance is on its way. Finer than <see cref="InstanceState"/>, which people see. The names below are what a supervisor hands
/// over to its next image: append only.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "phase")]
[JsonDerivedType(typeof(Stopped), "stopped")]
[JsonDerivedType(typeof(Waiting), "waiting")]
[JsonDerivedType(typeof(Preparing), "preparing")]
[JsonDerivedType(typeof(Launching), "launching")]
[JsonDerivedType(typeof(Starting), "starting")]
[JsonDerivedType(typeof(Running), "running")]
[JsonDerivedType(typeof(PreStopping), "pre-stopping")]
[JsonDerivedType(typeof(Terminating), "terminating")]
[JsonDerivedType(typeof(Emptying), "emptying")]
[JsonDerivedType(typeof(PostStopping), "post-stopping")]
[JsonDerivedType(typeof(BackingOff), "backing-off")]
[JsonDerivedType(typeof(Completed), "completed")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Gone), "gone")]
[JsonDerivedType(typeof(Pausing), "pausing")]
[JsonDerivedType(typeof(Paused), "paused")]
[JsonDerivedType(typeof(Continuing), "continuing")]
[JsonDerivedType(typeof(Fenced), "fenced")]
[JsonDerivedType(typeof(Promoting), "promoting")]
public abstract record Phase
{
    private Phase()
    {
    }

    [JsonIgnore]
    public abstract InstanceState State { get; }

    /// <summary>The moment this phase waits for; null: it waits for something to happen.</summary>
    [JsonIgnore]
    public virtual TimeSpan? Due => null;

    public sealed record Stopped : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Stopped;
    }

    /// <summary>For what it comes after, and for the lease under which it acts.</summary>
    /// <param name="LeaseOnly">It was started before: only the lease is waited for.</param>
    public sealed record Waiting(bool LeaseOnly = false) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Waiting;
    }

    /// <summary>The preStart hook runs.</summary>
    public sealed record Preparing : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Starting;
    }

    /// <summary>The start was ordered and is not answered yet.</summary>
    public sealed record Launching : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Starting;
    }

    /// <summary>The process runs and is not ready yet.</summary>
    public sealed record Starting(TimeSpan ReadyBy) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Starting;

        [JsonIgnore]
        public override TimeSpan? Due => ReadyBy;
    }

    public sealed record Running : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Running;
    }

    /// <summary>It is ready, and is to be told that it leads.</summary>
    /// <param name="By">Then its promotion has failed; null: it was not told yet, for the lease does not let it act.</param>
    public sealed record Promoting(TimeSpan? By) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Starting;

        [JsonIgnore]
        public override TimeSpan? Due => By;
    }

    /// <summary>A pause is being made: asked for, and not proven yet.</summary>
    /// <param name="By">Then it has failed.</param>
    /// <param name="AgainAt">Suspension alone: when it is looked whether everything stands still.</param>
    public sealed record Pausing(TimeSpan By, TimeSpan? AgainAt) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Running;

        [JsonIgnore]
        public override TimeSpan? Due => AgainAt < By ? AgainAt : By;
    }

    /// <summary>It is paused, and is asked for no sign of life.</summary>
    public sealed record Paused : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Paused;
    }

    /// <summary>The end of a pause is being made.</summary>
    /// <param name="Failure">Why the pause has failed that is taken back by this; null: one that was there is ended.</param>
    public sealed record Continuing(TimeSpan By, string? Failure) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => Failure is null ? InstanceState.Paused : InstanceState.Running;

        [JsonIgnore]
        public override TimeSpan? Due => By;
    }

    /// <summary>The preStop hook runs.</summary>
    public sealed record PreStopping(Ending Ending) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Stopping;
    }

    /// <summary>The stop signal was sent.</summary>
    public sealed record Terminating(Ending Ending, TimeSpan KillAt) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Stopping;

        [JsonIgnore]
        public override TimeSpan? Due => KillAt;
    }

    /// <summary>The container was killed; its emptiness is not proven yet.</summary>
    /// <param name="HookDone">The postStop hook has run: this is the last proof.</param>
    public sealed record Emptying(Ending Ending, bool Empty, TimeSpan AgainAt, bool Told, bool HookDone) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Stopping;

        [JsonIgnore]
        public override TimeSpan? Due => AgainAt;
    }

    /// <summary>The postStop hook runs.</summary>
    public sealed record PostStopping(Ending Ending) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Stopping;
    }

    public sealed record BackingOff(TimeSpan Until, DateTimeOffset UntilWall) : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.BackingOff;

        [JsonIgnore]
        public override TimeSpan? Due => Until;
    }

    public sealed record Completed : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Completed;
    }

    public sealed record Failed : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Failed;
    }

    /// <summary>The lease under which it acted is over. It is not started again in that epoch.</summary>
    public sealed record Fenced : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Stopped;
    }

    /// <summary>Forgotten: nothing may be done with it any more.</summary>
    public sealed record Gone : Phase
    {
        [JsonIgnore]
        public override InstanceState State => InstanceState.Stopped;
    }
}

/// <summary>Why a process tree is being ended. Without a cause it is wanted so; with one, restart governance decides what comes next.</summary>
/// <param name="Refusal">The start was refused: no restart mends that.</param>
/// <param name="Fence">The lease under which it acted is over: at once, and without its hooks.</param>
public sealed record Ending(RestartCause? Cause, string Why, bool Refusal = false, bool Fence = false);
