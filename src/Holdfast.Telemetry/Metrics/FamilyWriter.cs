using System.Text;

namespace Holdfast.Telemetry.Metrics;

/// <summary>Writes one family in one of the text formats.</summary>
internal sealed class FamilyWriter(StringBuilder text, MetricFamily family, bool open)
{
    public void Write()
    {
        // Text 0.0.4 names the family as its samples are named, and knows no units and no infos.
        var name = open ? family.FamilyName : family.Name;
        if (open)
            text.Append($"# TYPE {name} {TypeName()}\n");
        if (open && family.Unit.Length > 0)
            text.Append($"# UNIT {name} {family.Unit}\n");
        text.Append($"# HELP {name} {Escape(family.Help, quotes: open)}\n");
        if (!open)
            text.Append($"# TYPE {name} {TypeName()}\n");
        foreach (var sample in family.Samples.OrderBy(s => string.Join('\u0001', s.Labels.Select(l => $"{l.Name}\u0002{l.Value}")), StringComparer.Ordinal))
            WriteSample(sample);
    }

    private string TypeName() => family.Kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        MetricKind.Info when open => "info",
        _ => "gauge",
    };

    private void WriteSample(Sample sample)
    {
        if (sample.Histogram is not { } histogram)
        {
            Line(family.Name, sample.Labels, sample.Value);
            return;
        }

        long below = 0;
        for (var i = 0; i < histogram.Counts.Count; i++)
        {
            below += histogram.Counts[i];
            var bound = i < histogram.Bounds.Count ? Bound(histogram.Bounds[i]) : "+Inf";
            Line(family.Name + "_bucket", [.. sample.Labels, new Label("le", bound)], below);
        }

        Line(family.Name + "_sum", sample.Labels, histogram.Sum);
        Line(family.Name + "_count", sample.Labels, below);
    }

    // OpenMetrics wants bounds to be floats, so that the same bound is the same label everywhere.
    private string Bound(double bound)
    {
        var number = MetricsPage.Number(bound);
        return open && !number.Contains('.') && !number.Contains('E') ? number + ".0" : number;
    }

    private void Line(string name, IReadOnlyList<Label> labels, double value)
    {
        text.Append(name);
        for (var i = 0; i < labels.Count; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value, quotes: true)).Append('"');
        if (labels.Count > 0)
            text.Append('}');
        text.Append(' ').Append(MetricsPage.Number(value)).Append('\n');
    }

    private static string Escape(string value, bool quotes)
    {
        var escaped = value.Replace("\\", "\\\\").Replace("\n", "\\n");
        return quotes ? escaped.Replace("\"", "\\\"") : escaped;
    }
}
