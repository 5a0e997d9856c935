using Holdfast.Core.Health;
using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;

namespace Holdfast.Telemetry.Metrics;

/// <summary>What state an instance is in, how it got there, how it ended.</summary>
internal static class StateFamilies
{
    /// <summary>Shown as 0 before they happen, so that a first restart is a rise and not a new series.</summary>
    private static readonly string[] RestartReasons = ["exit", "signal", "liveness", "watchdog", "start"];

    public static IEnumerable<MetricFamily> Collect(IReadOnlyList<MeasuredInstance> instances)
    {
        var info = new FamilyBuilder("holdfast_instance_info", MetricKind.Info, "Which release of which package the instance runs.");
        var state = new FamilyBuilder("holdfast_instance_state", MetricKind.Gauge, "1 for the state the instance is in, 0 for every other.");
        var health = new FamilyBuilder("holdfast_instance_health", MetricKind.Gauge, "1 for the health the instance is in, 0 for every other.");
        var wanted = new FamilyBuilder("holdfast_instance_wanted", MetricKind.Gauge, "1 if the instance is wanted to run.");
        var since = new FamilyBuilder("holdfast_instance_state_since_seconds", MetricKind.Gauge, "When the instance came into its state, since 1970.", "seconds");
        var restarts = new FamilyBuilder("holdfast_instance_restarts_total", MetricKind.Counter, "Automatic restarts, by what made them necessary.");
        var code = new FamilyBuilder("holdfast_instance_last_exit_code", MetricKind.Gauge, "Exit code of the last exit, if it was one.");
        var signal = new FamilyBuilder("holdfast_instance_last_exit_signal", MetricKind.Gauge, "1 with the name of the signal that ended the instance last, if one did.");
        var exitTime = new FamilyBuilder("holdfast_instance_last_exit_time_seconds", MetricKind.Gauge, "When the instance exited last, since 1970.", "seconds");
        foreach (var instance in instances)
        {
            var status = instance.Status;
            info.Add(1, [.. instance.Labels, new("release", $"{status.Release}"), new("package_digest", status.PackageDigest), new("containment", status.Containment.Kind), new("supervisor", status.Supervisor is null ? "shared" : "dedicated")]);
            foreach (var one in Enum.GetValues<InstanceState>())
                state.Add(one == status.State, [.. instance.Labels, new("release", $"{status.Release}"), new("state", one.Word())]);
            foreach (var one in Enum.GetValues<HealthState>())
                health.Add(one == status.Health, instance.With("health", Word(one)));
            wanted.Add(status.Wanted == RunState.Running, instance.Labels);
            since.Add(Seconds.Since1970(status.Since), instance.Labels);
            foreach (var reason in RestartReasons.Union(status.RestartsByReason.Keys))
                restarts.Add(status.RestartsByReason.TryGetValue(reason, out var count) ? count : 0, instance.With("reason", reason));
            if (status.LastExit is not { } exit)
                continue;
            exitTime.Add(Seconds.Since1970(exit.At), instance.Labels);
            if (exit.Code is { } number)
                code.Add(number, instance.Labels);
            else if (exit.Signal is { } name)
                signal.Add(1, instance.With("signal", name));
        }

        return [info.Build(), state.Build(), health.Build(), wanted.Build(), since.Build(), restarts.Build(), code.Build(), signal.Build(), exitTime.Build()];
    }

    private static string Word(HealthState health) => health switch
    {
        HealthState.Unknown => "unknown",
        HealthState.Starting => "starting",
        HealthState.Healthy => "healthy",
        HealthState.Unhealthy => "unhealthy",
        _ => throw new ArgumentOutOfRangeException(nameof(health), health, "Not a health."),
    };
}
