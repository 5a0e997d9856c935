using System.Globalization;

namespace Holdfast.Telemetry.Metrics;

/// <summary>The text formats of Prometheus, and which one a scraper asks for.</summary>
public sealed record ExpositionFormat
{
    private ExpositionFormat(string contentType, bool open)
    {
        ContentType = contentType;
        IsOpenMetrics = open;
    }

    public static ExpositionFormat Text { get; } = new("text/plain; version=0.0.4; charset=utf-8", open: false);

    public static ExpositionFormat OpenMetrics { get; } = new("application/openmetrics-text; version=1.0.0; charset=utf-8", open: true);

    public string ContentType { get; }

    public bool IsOpenMetrics { get; }

    /// <summary>
    /// OpenMetrics 1.0.0 where the Accept header prefers it to plain text, text 0.0.4 in every other case: whoever asks for nothing
    /// or for something else still gets what every tool can read.
    /// </summary>
    public static ExpositionFormat For(string? accept)
    {
        double open = 0, text = 0;
        foreach (var range in (accept ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            var quality = Quality(parts);
            switch (parts[0].ToLowerInvariant())
            {
                case "application/openmetrics-text" when Version(parts) is null or "1.0.0":
                    open = Math.Max(open, quality);
                    break;
                case "text/plain" when Version(parts) is null or "0.0.4":
                case "text/*" or "*/*":
                    text = Math.Max(text, quality);
                    break;
            }
        }

        return open > 0 && open >= text ? OpenMetrics : Text;
    }

    private static string? Version(string[] parts) => Parameter(parts, "version");

    private static double Quality(string[] parts) =>
        double.TryParse(Parameter(parts, "q") ?? "1", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) ? quality : 0;

    private static string? Parameter(string[] parts, string name) => parts.Skip(1)
        .Select(p => p.Split('=', 2, StringSplitOptions.TrimEntries))
        .Where(p => p.Length == 2 && p[0].Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(p => p[1].Trim('"'))
        .FirstOrDefault();
}
