using Holdfast.Core.Health;

namespace Holdfast.Core.Supervision;

/// <summary>The main process of a run.</summary>
public sealed record MainProcess(int Pid, long CreationTime, TimeSpan Since, DateTimeOffset StartedAt);

/// <summary>Everything the supervisor knows of one instance. Immutable; <see cref="InstanceMachine.Step"/> makes the next one.</summary>
public sealed record Instance
{
    public required DesiredInstance Desired { get; init; }

    /// <summary>What the present (or last) process tree was started from.</summary>
    public DesiredInstance? Active { get; init; }

    public required Phase Phase { get; init; }

    /// <summary>One sentence: why it is where it is. Never empty.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>The number of the present or last start; it only grows.</summary>
    public long Run { get; init; }

    public MainProcess? Process { get; init; }

    public HealthRecord Health { get; init; } = HealthRecord.Unknown;

    public RestartLedger Ledger { get; init; } = RestartLedger.Empty;

    public ExitInfo? LastExit { get; init; }

    public string? StatusText { get; init; }

    /// <summary>It is to be forgotten when its tree is gone.</summary>
    public bool Leaving { get; init; }

    /// <summary>The supervisor is about to end.</summary>
    public bool Halting { get; init; }

    /// <summary>The ticket of the operator who waits for a reload hook.</summary>
    public long? Reloading { get; init; }

    /// <summary>The ticket of who waits for a pause, or for its end.</summary>
    public long? PauseAsked { get; init; }

    /// <summary>How much time the service has asked for in its present phase.</summary>
    public TimeSpan Extended { get; init; }

    /// <summary>Whether a tree of it may exist: from the order to start (or a hook) until the proof of emptiness.</summary>
    public bool MayHaveProcesses => Phase is Phase.Preparing or Phase.Launching or Phase.Starting or Phase.Promoting or Phase.Running
        or Phase.Pausing or Phase.Paused or Phase.Continuing or Phase.PreStopping or Phase.Terminating or Phase.Emptying or Phase.PostStopping;

    /// <summary>The next moment at which <see cref="Input.TimePassed"/> is due; null: none.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            var phase = Phase.Due;
            if (Phase is not (Phase.Starting or Phase.Promoting or Phase.Running)) return phase;
            var health = HealthMachine.NextDue(Health);
            return !(phase <= health) ? health ?? phase : phase;
        }
    }

    /// <summary>An instance that has just become known. What runs of it is nothing: leftovers were swept.</summary>
    public static Instance New(DesiredInstance desired, Moment now) => new()
    {
        Desired = desired,
        Phase = new Phase.Stopped(),
        Reason = "just applied",
        Since = now.Wall,
    };
}
