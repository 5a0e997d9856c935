namespace Holdfast.Core.Leadership;

/// <summary>What a watchdog hears of.</summary>
public abstract record WatchdogInput
{
    private WatchdogInput()
    {
    }

    /// <summary>Something acts under a lease, or is about to; what acts under several is covered by the earliest.</summary>
    /// <param name="ResetAt">The machine must have been reset by then if it still acts: 85 % of the lease after the sending of the last renewal that was answered.</param>
    public sealed record Acts(TimeSpan ResetAt) : WatchdogInput;

    /// <summary>It is proven that nothing acts.</summary>
    public sealed record Empty : WatchdogInput;

    /// <summary>Nothing acts, and a lease was extended: whoever may lead soon is to know whether it can be had.</summary>
    public sealed record Extended : WatchdogInput;

    /// <summary>The device answered to <see cref="WatchdogEffect.Try"/> or <see cref="WatchdogEffect.Arm"/>.</summary>
    /// <param name="Timeout">What it was really set to, read back.</param>
    /// <param name="From">When it had been asked, before the asking: it does not expire earlier than that and the timeout.</param>
    /// <param name="Runs">It is armed now; false: it was only tried, and is disarmed again.</param>
    public sealed record Granted(TimeSpan Timeout, TimeSpan From, bool Runs) : WatchdogInput;

    /// <summary>It cannot be opened, or set.</summary>
    public sealed record Refused(string Why) : WatchdogInput;

    /// <summary>It was petted.</summary>
    /// <param name="From">As of <see cref="Granted"/>.</param>
    public sealed record Petted(TimeSpan From) : WatchdogInput;
}

/// <summary>What is to be done with a watchdog.</summary>
public enum WatchdogEffect
{
    None,

    /// <summary>Open it, set it, read back what it was set to, and disarm it again. Answered by Granted or Refused.</summary>
    Try,

    /// <summary>Open it, set it, and read back what it was set to: it runs from then on. Answered by Granted or Refused.</summary>
    Arm,

    /// <summary>Answered by Petted, or by nothing where it fails.</summary>
    Pet,

    Disarm,
}

/// <summary>What one input led to.</summary>
/// <param name="LookAt">When it is to be looked at again although nothing has happened; null: never.</param>
public sealed record WatchdogStep(WatchdogState State, WatchdogEffect Effect, string Reason, TimeSpan? LookAt = null);
