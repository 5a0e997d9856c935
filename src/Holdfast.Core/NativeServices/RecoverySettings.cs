namespace Holdfast.Core.NativeServices;

/// <summary>
/// What the SCM does when a service's process, which is the supervisor, has crashed. The restarts of the program itself are not its business.
/// </summary>
public sealed record RecoverySettings
{
    /// <summary>At the first failure, the second, and so on; the last one repeats.</summary>
    public IReadOnlyList<RecoveryAction> Actions { get; init; } =
    [
        new(RecoveryKind.Restart, TimeSpan.FromSeconds(1)),
        new(RecoveryKind.Restart, TimeSpan.FromSeconds(5)),
        new(RecoveryKind.Restart, TimeSpan.FromSeconds(30)),
    ];

    /// <summary>After so long without a failure the count begins anew; null: never.</summary>
    public TimeSpan? ResetAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What <see cref="RecoveryKind.Run"/> runs.</summary>
    public string? Command { get; init; }

    /// <summary>"Enable actions for stops with errors": whether a service that has told its own failure has failed for the SCM too. Off, so that law 5 has the last word.</summary>
    public bool OnErrorStops { get; init; }
}
