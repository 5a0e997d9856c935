namespace Holdfast.Telemetry.Metrics;

/// <summary>Series of one name and meaning.</summary>
/// <param name="Name">As Prometheus shows it: a counter's ends with <c>_total</c>, an info's with <c>_info</c>.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Unit"><c>seconds</c>, <c>bytes</c>, …: then the name has it as its last word (before <c>_total</c>); empty: none.</param>
public sealed record MetricFamily(string Name, MetricKind Kind, string Help, string Unit = "")
{
    public IReadOnlyList<Sample> Samples { get; init; } = [];

    /// <summary>
    /// How OpenMetrics names the family: without the ending that the kind gives its samples.
    /// </summary>
    public string FamilyName => Kind switch
    {
        MetricKind.Counter => Name[..^"_total".Length],
        MetricKind.Info => Name[..^"_info".Length],
        _ => Name,
    };

    /// <summary>Why the family cannot be shown, or null. A wrong one is a bug; a test asks this of every family that we have.</summary>
    public string? Fault() =>
        !IsName(Name) ? $"'{Name}' is not a name"
        : Kind == MetricKind.Counter && !Name.EndsWith("_total", StringComparison.Ordinal) ? $"counter {Name} does not end with _total"
        : Kind == MetricKind.Info && !Name.EndsWith("_info", StringComparison.Ordinal) ? $"info {Name} does not end with _info"
        : Unit.Length > 0 && !FamilyName.EndsWith("_" + Unit, StringComparison.Ordinal) ? $"{Name} does not end with its unit {Unit}"
        : Samples.SelectMany(s => s.Labels).FirstOrDefault(l => !IsName(l.Name) || l.Name.Contains(':')) is { Name: { } label } ? $"{Name} has a label '{label}'"
        : Samples.Any(s => s.Labels.Select(l => l.Name).Distinct().Count() < s.Labels.Count) ? $"{Name} has a label twice"
        : Samples.Select(Key).Distinct().Count() < Samples.Count ? $"{Name} has a series twice"
        : Samples.Any(s => (Kind == MetricKind.Histogram) != (s.Histogram is not null)) ? $"{Name} mixes histograms with numbers"
        : null;

    private static string Key(Sample sample) => string.Join('\u0001', sample.Labels.OrderBy(l => l.Name, StringComparer.Ordinal).Select(l => $"{l.Name}\u0002{l.Value}"));

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':');
}
