namespace Holdfast.Telemetry.Metrics;

public enum MetricKind
{
    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Only goes up, but for restarts of what counts. Its name ends with <c>_total</c>.</summary>
    Counter,

    /// <summary>Counts of observations up to each bound, their sum and their number.</summary>
    Histogram,

    /// <summary>A constant 1 whose labels say something. Its name ends with <c>_info</c>.</summary>
    Info,
}
