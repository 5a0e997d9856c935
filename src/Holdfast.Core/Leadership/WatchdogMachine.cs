using System.Globalization;

namespace Holdfast.Core.Leadership;

/// <summary>
/// When a watchdog is armed, petted and disarmed, as one pure function (law 4b). Its promises: it is petted only as far as a renewal that was answered allows it, so that the machine is reset by 85 % of
/// the lease after the sending of that one, whoever hangs; it is disarmed only when it is proven that nothing acts (patroni#3639); what it was set to is what was asked for, or it is not used.
/// </summary>
public static class WatchdogMachine
{
    /// <summary>How late who pets may wake: what must be petted at a moment is petted so much earlier.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    public static WatchdogState Begin { get; } = new WatchdogState.Untried();

    /// <param name="timeout">What it is set to: whole seconds (<see cref="LeaseTerms.WatchdogTimeout"/>).</param>
    /// <param name="now">Since boot, suspend included.</param>
    public static WatchdogStep Step(WatchdogState watchdog, WatchdogInput input, TimeSpan timeout, TimeSpan now) => (watchdog, input) switch
    {
        (WatchdogState.Armed armed, WatchdogInput.Acts acts) => Keep(armed, acts.ResetAt, timeout, now),
        (WatchdogState.Armed armed, WatchdogInput.Petted petted) => new(armed with { ExpiresAt = petted.From + timeout }, WatchdogEffect.None, "it was petted"),
        (WatchdogState.Armed, WatchdogInput.Empty or WatchdogInput.Extended) => new(new WatchdogState.Ready(), WatchdogEffect.Disarm, "it is proven that nothing acts"),
        (WatchdogState.Unfit unfit, WatchdogInput.Acts or WatchdogInput.Extended) when now < unfit.TryAgainAt => new(unfit, WatchdogEffect.None, unfit.Why, unfit.TryAgainAt),
        (not WatchdogState.Armed, WatchdogInput.Acts acts) => Begins(watchdog, acts.ResetAt, timeout, now),
        (WatchdogState.Untried or WatchdogState.Unfit, WatchdogInput.Extended) => new(watchdog, WatchdogEffect.Try, "it is tried whether it can be had"),
        (not WatchdogState.Armed, WatchdogInput.Granted granted) => Take(granted, timeout, now),
        (not WatchdogState.Armed, WatchdogInput.Refused refused) => new(Unfit(refused.Why, now), WatchdogEffect.None, refused.Why),
        _ => new(watchdog, WatchdogEffect.None, "nothing is due"),
    };

    private static WatchdogStep Begins(WatchdogState watchdog, TimeSpan resetAt, TimeSpan timeout, TimeSpan now) => now + timeout <= resetAt
        ? new(watchdog, WatchdogEffect.Arm, "something is about to act")
        // Armed now, it would expire after the moment by which it must have. The next renewal that is answered is a fifth of the lease away.
        : new(watchdog, WatchdogEffect.None, "it can be armed when the lease is extended the next time");

    private static WatchdogStep Take(WatchdogInput.Granted granted, TimeSpan timeout, TimeSpan now)
    {
        if (granted.Timeout == timeout)
            return new(granted.Runs ? new WatchdogState.Armed(granted.From + timeout) : new WatchdogState.Ready(), WatchdogEffect.None, $"it is set to {InWords(timeout)}");
        // A driver may round up, or have one timeout only: used as it is, it would come too late, or in the middle of a kill.
        var why = $"it was to be set to {InWords(timeout)}, and is set to {InWords(granted.Timeout)}: that takes a lease of {InWords(LeaseTerms.LongEnoughForWatchdog(granted.Timeout))}";
        return new(Unfit(why, now), granted.Runs ? WatchdogEffect.Disarm : WatchdogEffect.None, why);
    }

    /// <summary>
    /// It is petted whenever half of its timeout is over, so that a hiccup of who pets costs nothing, and a last time as late as is allowed: then it expires neither before the supervisor has
    /// had its time to kill, nor too late. It is never petted beyond what is allowed.
    /// </summary>
    private static WatchdogStep Keep(WatchdogState.Armed armed, TimeSpan resetAt, TimeSpan timeout, TimeSpan now)
    {
        if (armed.ExpiresAt >= resetAt - Lateness || now + timeout > resetAt) return new(armed, WatchdogEffect.None, "only another extension lets it be petted again");
        var (last, half) = (resetAt - timeout - Lateness, armed.ExpiresAt - (timeout / 2));
        var due = last < half ? last : half;
        return due <= now ? new(armed, WatchdogEffect.Pet, "the lease was extended") : new(armed, WatchdogEffect.None, "nothing is due", due);
    }

    private static WatchdogState.Unfit Unfit(string why, TimeSpan now) => new(why, now + TryAgainAfter);

    private static string InWords(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
