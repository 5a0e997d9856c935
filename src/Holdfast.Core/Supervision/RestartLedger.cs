namespace Holdfast.Core.Supervision;

/// <summary>What is remembered of an instance's automatic restarts. It is kept on disk: giving up survives the supervisor.</summary>
public sealed record RestartLedger
{
    public static RestartLedger Empty { get; } = new();

    /// <summary>When each automatic restart that still matters was decided, on <see cref="Moment.Clock"/>, oldest first.</summary>
    public IReadOnlyList<TimeSpan> Attempts { get; init; } = [];

    /// <summary>Automatic restarts since the agent or an operator started this release.</summary>
    public int Restarts { get; init; }

    /// <summary>All that were ever counted, by <see cref="RestartCause.Key"/>.</summary>
    public IReadOnlyDictionary<string, long> ByReason { get; init; } = new Dictionary<string, long>();

    /// <summary>Since when it has been healthy without a break; null while it is not.</summary>
    public TimeSpan? HealthySince { get; init; }

    /// <summary>An operator's restart or another release: the attempts are all there again.</summary>
    public RestartLedger Renewed() => new() { ByReason = ByReason };

    /// <summary>The same ledger on another boot's clock: every attempt keeps the age it had when it was written.</summary>
    public RestartLedger Rebased(TimeSpan written, TimeSpan now)
    {
        var moved = new List<TimeSpan>(Attempts.Count);
        foreach (var attempt in Attempts)
            moved.Add(now - (written - attempt));
        return this with { Attempts = moved, HealthySince = null };
    }
}
