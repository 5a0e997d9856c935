using Holdfast.Core.Shipping;

namespace Holdfast.Telemetry.Metrics;

/// <summary>What became of every line on its way to each sink: law 6's numbers.</summary>
internal static class SinkFamilies
{
    public static IEnumerable<MetricFamily> Collect(IReadOnlyList<MeasuredSink> sinks)
    {
        var delivered = new FamilyBuilder("holdfast_sink_delivered_lines_total", MetricKind.Counter, "Lines that the receiver has, since the sink began with the stream.");
        var dead = new FamilyBuilder("holdfast_sink_dead_lines_total", MetricKind.Counter, "Lines that the receiver refused for good.");
        var lost = new FamilyBuilder("holdfast_sink_lost_lines_total", MetricKind.Counter, "Lines that were not there to be read.");
        var queued = new FamilyBuilder("holdfast_sink_queued_lines", MetricKind.Gauge, "Lines that are still to be delivered.");
        var trouble = new FamilyBuilder("holdfast_sink_trouble", MetricKind.Gauge, "1 while nothing, or not all, is delivered.");
        var failures = new FamilyBuilder("holdfast_sink_failures_total", MetricKind.Counter, "Attempts that brought nothing, since the agent began.");
        foreach (var sink in sinks)
        {
            var name = new Label("sink", sink.Name);
            trouble.Add(sink.HasTrouble, name);
            failures.Add(sink.Failures, name);
            foreach (var (stream, count, written) in sink.Streams)
            {
                Label[] labels = [name, new("service", stream.Service ?? ""), new("instance", stream.Name)];
                delivered.Add(count.Delivered, labels);
                dead.Add(count.PutAside, labels);
                lost.Add(count.Lost, labels);
                queued.Add(count.Queued(written), labels);
            }
        }

        return [delivered.Build(), dead.Build(), lost.Build(), queued.Build(), trouble.Build(), failures.Build()];
    }
}

/// <summary>A sink at the moment of a scrape.</summary>
/// <param name="Streams">With the sequence that the next line of each will have.</param>
public sealed record MeasuredSink(string Name, bool HasTrouble, long Failures, IReadOnlyList<(EventStream Stream, StreamCount Count, long Written)> Streams);
