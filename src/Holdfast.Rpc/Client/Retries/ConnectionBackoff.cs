namespace Holdfast.Rpc.Client.Retries;

/// <summary>How long after a connection that failed the next is tried (grpc/grpc, doc/connection-backoff.md).</summary>
internal static class ConnectionBackoff
{
    private const double InitialSeconds = 1, Multiplier = 1.6, MaxSeconds = 120, Jitter = 0.2;

    /// <param name="failures">In a row, from 1.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan After(int failures, double chance) =>
        TimeSpan.FromSeconds(Math.Min(InitialSeconds * Math.Pow(Multiplier, failures - 1), MaxSeconds) * (1 - Jitter + 2 * Jitter * chance));
}
