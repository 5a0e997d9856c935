namespace Holdfast.Telemetry.Metrics;

/// <summary>What the probes say.</summary>
internal static class ProbeFamilies
{
    public static IEnumerable<MetricFamily> Collect(IReadOnlyList<MeasuredInstance> instances)
    {
        var success = new FamilyBuilder("holdfast_probe_success", MetricKind.Gauge, "1 if the probe's verdict is good, 0 if it is bad; absent before the first one.");
        var latency = new FamilyBuilder("holdfast_probe_latency_seconds", MetricKind.Gauge, "How long the last run took.", "seconds");
        var runs = new FamilyBuilder("holdfast_probe_runs_total", MetricKind.Counter, "Runs of the probe.");
        var failures = new FamilyBuilder("holdfast_probe_failures_total", MetricKind.Counter, "Runs of the probe that failed.");
        var last = new FamilyBuilder("holdfast_probe_last_run_time_seconds", MetricKind.Gauge, "When the probe was run last, since 1970.", "seconds");
        foreach (var instance in instances)
        {
            foreach (var probe in instance.Status.Probes)
            {
                var labels = instance.With("probe", probe.Name).ToList();
                if (probe.Succeeding is { } succeeding)
                    success.Add(succeeding, labels);
                runs.Add(probe.Runs, labels);
                failures.Add(probe.FailedRuns, labels);
                if (probe.LastRunAt is not { } at)
                    continue;
                latency.Add(probe.Latency.TotalSeconds, labels);
                last.Add(Seconds.Since1970(at), labels);
            }
        }

        return [success.Build(), latency.Build(), runs.Build(), failures.Build(), last.Build()];
    }
}
