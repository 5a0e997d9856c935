using System.Globalization;
using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

/// <summary>
/// Law 5. Automatic restarts are few, spaced, counted in a sliding window and forgiven after health; what is used up
/// is said, never silent. Operators' restarts, other releases and the supervisor's own death never come here.
/// </summary>
public static class RestartGovernance
{
    /// <summary>Decides about one end of an instance that is wanted to run.</summary>
    public static RestartDecision Decide(RestartLedger ledger, RestartSpec spec, RestartCause cause, Moment now)
    {
        var success = cause.End?.Code is { } code && spec.SuccessCodes.Contains(code);
        var retry = cause.End?.Code is { } again && spec.RetryCodes.Contains(again);

        if (cause.End?.Code is { } final && spec.PermanentCodes.Contains(final))
            return new RestartDecision.GiveUp($"{cause}: a restart would not mend it (restart.exitCodes.permanent)");
        if (spec.Policy == RestartPolicy.Never)
            return success ? new RestartDecision.Complete($"{cause}: its work is done") : new RestartDecision.GiveUp($"{cause}: restart policy is never");
        if (spec.Policy == RestartPolicy.OnFailure && success && !retry)
            return new RestartDecision.Complete($"{cause}: its work is done");

        var attempts = StillCounting(ledger, spec, now.Clock);
        if (attempts.Count >= spec.Attempts)
            return new RestartDecision.GiveUp(UsedUp(attempts.Count, spec, cause));

        var delay = DelayOf(attempts.Count, spec, now.Chance);
        attempts.Add(now.Clock);
        var counted = ledger with
        {
            Attempts = attempts,
            Restarts = ledger.Restarts + 1,
            ByReason = Plus(ledger.ByReason, cause.Key),
            HealthySince = null,
        };
        return new RestartDecision.Restart(delay, counted, $"{cause}: restart {attempts.Count} of {spec.Attempts} within {InWords(spec.Window)} {After(delay)}");
    }

    /// <summary>Health began.</summary>
    public static RestartLedger Healthy(RestartLedger ledger, TimeSpan now) =>
        ledger.HealthySince is null ? ledger with { HealthySince = now } : ledger;

    /// <summary>Health ended: if it lasted long enough, the attempts are forgiven.</summary>
    public static RestartLedger Unhealthy(RestartLedger ledger, RestartSpec spec, TimeSpan now)
    {
        if (ledger.HealthySince is not { } since) return ledger;
        return ledger with { HealthySince = null, Attempts = now - since >= spec.ResetAfter ? [] : ledger.Attempts };
    }

    private static List<TimeSpan> StillCounting(RestartLedger ledger, RestartSpec spec, TimeSpan now)
    {
        var forgiven = ledger.HealthySince is { } since && now - since >= spec.ResetAfter;
        var counting = new List<TimeSpan>();
        if (forgiven) return counting;
        foreach (var attempt in ledger.Attempts)
        {
            if (now - attempt < spec.Window) counting.Add(attempt);
        }

        return counting;
    }

    private static TimeSpan DelayOf(int attempt, RestartSpec spec, double chance)
    {
        if (spec.Delays.Count == 0) return TimeSpan.Zero;
        var delay = spec.Delays[Math.Min(attempt, spec.Delays.Count - 1)];
        return delay + (delay * (spec.Jitter * Math.Clamp(chance, 0, 1)));
    }

    private static Dictionary<string, long> Plus(IReadOnlyDictionary<string, long> counts, string key)
    {
        var sum = new Dictionary<string, long>(counts, StringComparer.Ordinal);
        sum[key] = sum.GetValueOrDefault(key) + 1;
        return sum;
    }

    private static string UsedUp(int used, RestartSpec spec, RestartCause cause) => spec.Attempts == 0
        ? $"{cause}: no automatic restarts are allowed (restart.attempts is 0)"
        : $"{cause}: given up after {used} restart{(used == 1 ? "" : "s")} within {InWords(spec.Window)}";

    private static string After(TimeSpan delay) => delay == TimeSpan.Zero ? "at once" : $"in {InWords(delay)}";

    internal static string InWords(TimeSpan time)
    {
        if (time >= TimeSpan.FromMinutes(1) && time.Ticks % TimeSpan.TicksPerMinute == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");
        return time >= TimeSpan.FromSeconds(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###} ms");
    }
}
