using System.Globalization;
using System.Text;

namespace Holdfast.Telemetry.Metrics;

/// <summary>The page that a scraper reads.</summary>
/// <param name="Body">UTF-8.</param>
public sealed record MetricsPage(string ContentType, byte[] Body)
{
    /// <summary>Renders in the format that the Accept header asks for (null or empty: text).</summary>
    public static MetricsPage Render(string? accept, IEnumerable<MetricFamily> families) => Render(ExpositionFormat.For(accept), families);

    /// <summary>Families by name, series by their labels: the same snapshot is the same bytes. Families without series are left out.</summary>
    public static MetricsPage Render(ExpositionFormat format, IEnumerable<MetricFamily> families)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(families);
        var text = new StringBuilder(16 * 1024);
        foreach (var family in families.Where(f => f.Samples.Count > 0).OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (family.Fault() is { } fault)
                throw new ArgumentException(fault, nameof(families));
            new FamilyWriter(text, family, format.IsOpenMetrics).Write();
        }

        if (format.IsOpenMetrics)
            text.Append("# EOF\n");
        return new MetricsPage(format.ContentType, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>As Go writes floating-point numbers into both formats, whole numbers without a point.</summary>
    internal static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ when value == Math.Truncate(value) && Math.Abs(value) < 1e15 => ((long)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
