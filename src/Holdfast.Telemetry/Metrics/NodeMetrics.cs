using Holdfast.Telemetry.Sources;

namespace Holdfast.Telemetry.Metrics;

/// <summary>Every family of a node's page. What each one means is in docs/metrics.md; a test holds the two together.</summary>
public static class NodeMetrics
{
    /// <summary>The families of a snapshot, ready to be rendered.</summary>
    /// <param name="usage">Asked once for each instance that has a process.</param>
    public static IReadOnlyList<MetricFamily> Collect(NodeSnapshot snapshot, UsageReader usage)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(usage);
        var measured = snapshot.Instances.Select(i => new MeasuredInstance(i, i.Pid is null ? null : usage(i))).ToList();
        return
        [
            .. AgentFamilies.Collect(snapshot),
            .. StateFamilies.Collect(measured),
            .. UsageFamilies.Collect(measured),
            .. ProbeFamilies.Collect(measured),
            .. OutputFamilies.Collect(measured),
            .. SinkFamilies.Collect(snapshot.Sinks),
            .. NamedProcessFamilies.Collect(measured),
        ];
    }
}
