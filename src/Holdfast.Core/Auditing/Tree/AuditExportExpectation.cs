namespace Holdfast.Core.Auditing.Tree;

/// <summary>What whoever verifies an export knows of it besides the key.</summary>
public sealed record AuditExportExpectation
{
    /// <summary>
    /// How far the time of an entry may be before that of an earlier one: a clock that is set right goes back a little. More is a finding.
    /// </summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The first entry that was asked for; null: the first of the log, or of what it says it has kept.</summary>
    public long? From { get; init; }

    /// <summary>The last entry that was asked for; null: the last that the checkpoint signs.</summary>
    public long? To { get; init; }

    /// <summary>Whatever entries it says it has are those that were asked for.</summary>
    public bool AnyRange { get; init; }

    /// <summary>A checkpoint that was kept from before, and was checked: the log must still begin with it.</summary>
    public Checkpoint? Kept { get; init; }

    /// <summary>Keys of witnesses that may have cosigned its checkpoint.</summary>
    public IReadOnlyList<NoteKey> Witnesses { get; init; } = [];

    /// <summary>How many of them must have.</summary>
    public int WitnessesNeeded { get; init; }
}

/// <summary>What a verification of an export found.</summary>
/// <param name="Records">How many lines stand where entries do.</param>
/// <param name="From">The number of the first entry that it says it has; 0: it does not say it.</param>
/// <param name="To">The number of the last one.</param>
/// <param name="Findings">In the order of the entries.</param>
public sealed record AuditExportVerdict(long Records, long From, long To, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Null: none that counts.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>Of the first and the last entry.</summary>
    public (DateTimeOffset First, DateTimeOffset Last)? Times { get; init; }

    public bool Whole => Findings.Count == 0;
}
