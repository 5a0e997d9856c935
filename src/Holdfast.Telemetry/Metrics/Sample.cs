namespace Holdfast.Telemetry.Metrics;

/// <summary>A label of a series.</summary>
public readonly record struct Label(string Name, string Value);

/// <summary>One series of a family at one moment.</summary>
/// <param name="Labels">In the order they are shown.</param>
public sealed record Sample(IReadOnlyList<Label> Labels, double Value)
{
    /// <summary>Only for families of kind histogram.</summary>
    public HistogramValue? Histogram { get; init; }
}

/// <summary>What a histogram holds.</summary>
/// <param name="Bounds">Upper bounds (included), rising, without infinity.</param>
/// <param name="Counts">Observations up to each bound and above the one before; one more than bounds, the last for those above all.</param>
public sealed record HistogramValue(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, double Sum)
{
    public long Count => Counts.Sum();
}
