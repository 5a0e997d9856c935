namespace Holdfast.Rpc.Config;

/// <summary>When a failed call is made again (gRFC A6). Only for methods that may run twice.</summary>
public sealed record RetryPolicy
{
    /// <summary>Attempts that count at the most, whatever a policy says: gRPC's own cap.</summary>
    public const int MostAttempts = 5;

    /// <summary>With the first; more than <see cref="MostAttempts"/> is as many as that.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>Before the second attempt, more or less a fifth.</summary>
    public required TimeSpan InitialBackoff { get; init; }

    public required TimeSpan MaxBackoff { get; init; }

    /// <summary>By how much each wait is longer than the one before.</summary>
    public required double BackoffMultiplier { get; init; }

    public required IReadOnlyCollection<StatusCode> RetryableStatusCodes { get; init; }
}
