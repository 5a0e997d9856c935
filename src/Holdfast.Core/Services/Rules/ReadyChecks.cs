using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Rules;

internal static class ReadyChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        if (spec.Watchdog is not null && spec.Ready != ReadyWhen.Notify && reading.Sound("watchdog", "ready"))
            reading.Report("watchdog", new(SpecRules.WatchdogNotify, "needs `ready: notify`", "the service feeds the watchdog over the same socket, from when it is ready", "add `ready: notify`, or remove the watchdog"));

        if (spec.Ready == ReadyWhen.Started || !reading.Sound("readyDeadline", "ready", "health.startup", "health.readiness"))
            return;
        var needed = Soonest(spec.Health.Readiness);
        if (spec.Ready == ReadyWhen.Probes)
            needed += Soonest(spec.Health.Startup);
        if (needed >= spec.ReadyDeadline)
            reading.Report("readyDeadline", new(SpecRules.ReadyDeadline, $"{DurationText.Format(spec.ReadyDeadline)} is too short", $"the probes cannot have succeeded before {DurationText.Format(needed)}", "raise it, or lower initialDelay, successes or interval"));
    }

    /// <summary>The least time until a probe can have succeeded.</summary>
    private static TimeSpan Soonest(ProbeSpec? probe) => probe is null ? TimeSpan.Zero : probe.InitialDelay + ((probe.Successes - 1) * probe.Interval);
}
