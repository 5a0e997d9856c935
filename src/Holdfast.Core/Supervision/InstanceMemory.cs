namespace Holdfast.Core.Supervision;

/// <summary>
/// What must outlive a supervisor besides the wanted state: counters, and that an instance is at rest.
/// Clock times belong to the boot that is named with them.
/// </summary>
public sealed record InstanceMemory
{
    public required string BootId { get; init; }

    /// <summary>When this was written, on that boot's clock.</summary>
    public required TimeSpan WrittenAt { get; init; }

    public RestartLedger Ledger { get; init; } = RestartLedger.Empty;

    public ExitInfo? LastExit { get; init; }

    /// <summary>Failed or Completed; null: it is to be started.</summary>
    public InstanceState? AtRest { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>It was being removed.</summary>
    public bool Leaving { get; init; }

    /// <summary>Counts of captured output to go on from; null: none are known.</summary>
    public CaptureStatus? Capture { get; init; }

    public static InstanceMemory Of(Instance instance, string bootId, Moment now) => new()
    {
        BootId = bootId,
        WrittenAt = now.Clock,
        Ledger = instance.Ledger,
        LastExit = instance.LastExit,
        AtRest = instance.Phase is Phase.Failed or Phase.Completed ? instance.Phase.State : null,
        Reason = instance.Phase is Phase.Failed or Phase.Completed ? instance.Reason : null,
        Since = instance.Since,
        Leaving = instance.Leaving,
    };

    /// <summary>
    /// The instance as the next supervisor begins with it: nothing runs, nothing was forgotten. Within one boot what has
    /// failed or completed stays so; a reboot gives it one more try (its attempts still count).
    /// </summary>
    public static Instance Restore(DesiredInstance desired, InstanceMemory? memory, string bootId, Moment now)
    {
        var instance = Instance.New(desired, now);
        if (memory is null) return instance;
        var sameBoot = memory.BootId == bootId;
        instance = instance with
        {
            Ledger = sameBoot ? memory.Ledger with { HealthySince = null } : memory.Ledger.Rebased(memory.WrittenAt, now.Clock),
            LastExit = memory.LastExit,
            Leaving = memory.Leaving,
            Active = desired,
        };
        if (!sameBoot || memory.AtRest is not { } rest) return instance;
        return instance with
        {
            Phase = rest == InstanceState.Completed ? new Phase.Completed() : new Phase.Failed(),
            Reason = memory.Reason ?? "as before the supervisor's restart",
            Since = memory.Since ?? now.Wall,
        };
    }
}
