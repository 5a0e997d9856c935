namespace Holdfast.Telemetry.Metrics;

/// <summary>Collects the series of one family.</summary>
internal sealed class FamilyBuilder(string name, MetricKind kind, string help, string unit = "")
{
    private readonly List<Sample> samples = [];

    public void Add(double value, params IEnumerable<Label> labels) => samples.Add(new Sample([.. labels], value));

    public void Add(bool value, params IEnumerable<Label> labels) => Add(value ? 1 : 0, labels);

    public MetricFamily Build() => new(name, kind, help, unit) { Samples = samples };
}
