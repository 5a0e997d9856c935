namespace Holdfast.Core.Leadership;

/// <summary>A watchdog of the kernel's as the supervisor knows it. Every moment is on the clock since boot that counts suspend.</summary>
public abstract record WatchdogState
{
    private WatchdogState()
    {
    }

    /// <summary>Nobody knows yet whether it can be had.</summary>
    public sealed record Untried : WatchdogState;

    /// <summary>It could be had, and nothing acts: it is not armed.</summary>
    public sealed record Ready : WatchdogState;

    /// <summary>It resets the machine at <see cref="ExpiresAt"/>, or a moment later, if nobody pets it before.</summary>
    public sealed record Armed(TimeSpan ExpiresAt) : WatchdogState;

    /// <summary>It cannot be had.</summary>
    /// <param name="TryAgainAt">Somebody may have mended it by then.</param>
    public sealed record Unfit(string Why, TimeSpan TryAgainAt) : WatchdogState;
}
