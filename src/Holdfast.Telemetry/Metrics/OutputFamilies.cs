namespace Holdfast.Telemetry.Metrics;

/// <summary>What became of what instances wrote: law 6's numbers.</summary>
internal static class OutputFamilies
{
    public static IEnumerable<MetricFamily> Collect(IReadOnlyList<MeasuredInstance> instances)
    {
        var bytesRead = Bytes("read", "Bytes read from stdout and stderr.");
        var linesRead = Lines("read", "Lines read from stdout and stderr.");
        var bytesWritten = Bytes("written", "Bytes written to segments.");
        var linesWritten = Lines("written", "Lines written to segments.");
        var bytesDropped = Bytes("dropped", "Bytes that were read but not kept.");
        var linesDropped = Lines("dropped", "Lines that were read but not kept.");
        var blocked = new FamilyBuilder("holdfast_output_blocked_seconds_total", MetricKind.Counter, "How long the instance's writes were held up.", "seconds");
        var redacted = new FamilyBuilder("holdfast_output_redacted_total", MetricKind.Counter, "How often a redaction rule struck.");
        var trouble = new FamilyBuilder("holdfast_output_trouble", MetricKind.Gauge, "1 while output cannot be written.");
        var last = new FamilyBuilder("holdfast_output_last_line_timestamp_seconds", MetricKind.Gauge, "When the instance wrote its last line, in Unix time.", "seconds");
        foreach (var instance in instances)
        {
            var capture = instance.Status.Capture;
            bytesRead.Add(capture.BytesRead, instance.Labels);
            linesRead.Add(capture.LinesRead, instance.Labels);
            bytesWritten.Add(capture.BytesWritten, instance.Labels);
            linesWritten.Add(capture.LinesWritten, instance.Labels);
            bytesDropped.Add(capture.BytesDropped, instance.Labels);
            linesDropped.Add(capture.LinesDropped, instance.Labels);
            blocked.Add(capture.Blocked.TotalSeconds, instance.Labels);
            foreach (var (rule, count) in capture.Redacted)
                redacted.Add(count, instance.With("rule", rule));
            trouble.Add(capture.Trouble is not null, instance.Labels);
            if (capture.LastLineAt is { } at)
                last.Add(at.ToUnixTimeMilliseconds() / 1000.0, instance.Labels);
        }

        return
        [
            bytesRead.Build(), linesRead.Build(), bytesWritten.Build(), linesWritten.Build(), bytesDropped.Build(), linesDropped.Build(),
            blocked.Build(), redacted.Build(), trouble.Build(), last.Build(),
        ];
    }

    private static FamilyBuilder Bytes(string what, string help) => new($"holdfast_output_{what}_bytes_total", MetricKind.Counter, help, "bytes");

    private static FamilyBuilder Lines(string what, string help) => new($"holdfast_output_{what}_lines_total", MetricKind.Counter, help, "lines");
}
