namespace Holdfast.Telemetry.Metrics;

internal static class Seconds
{
    /// <summary>As Prometheus counts time, to the microsecond.</summary>
    public static double Since1970(DateTimeOffset at) => Math.Round((at - DateTimeOffset.UnixEpoch).TotalSeconds, 6);
}
