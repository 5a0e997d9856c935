namespace Holdfast.Core.Auditing;

public enum AuditFault
{
    /// <summary>The line is not what was written: its hash does not fit, or it is no entry at all.</summary>
    Edited,

    /// <summary>Entries are missing between this one and the one before.</summary>
    Removed,

    /// <summary>An entry stands where none was: a copy, or a second one with a number that was there.</summary>
    Inserted,

    /// <summary>Entries stand in another order than they were written.</summary>
    Reordered,

    /// <summary>It fits in itself but not to the one before: one of the two was replaced.</summary>
    Replaced,

    /// <summary>The end is missing: a head that was kept elsewhere knows of later entries.</summary>
    Truncated,

    /// <summary>The beginning is missing, and no entry says that it was retired.</summary>
    Beheaded,

    /// <summary>The file that keeps the head is missing or unreadable: nothing tells whether the end is whole.</summary>
    HeadLost,

    /// <summary>The hashes of the tree are not those of the entries, or not those that were signed.</summary>
    TreeChanged,

    /// <summary>Checkpoints were signed, and the file that keeps the last one is missing.</summary>
    CheckpointLost,

    /// <summary>The checkpoint is not one that the log has signed, or it is of another log.</summary>
    CheckpointChanged,

    /// <summary>The time of an entry is before that of an earlier one, by more than a clock goes back in order.</summary>
    BackDated,

    /// <summary>What an export says of itself does not fit what is in it.</summary>
    ExportChanged,

    /// <summary>Fewer witnesses have cosigned the checkpoint than must have.</summary>
    NotWitnessed,
}

/// <summary>Something wrong with the chain.</summary>
/// <param name="Sequence">The number of the first entry concerned.</param>
/// <param name="What">One sentence.</param>
public sealed record AuditFinding(AuditFault Fault, long Sequence, string What);

/// <summary>What a verification found.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Head">Where the chain ends, as far as it could be read.</param>
/// <param name="Findings">In the order they were met; the first one is what happened, later ones may follow from it.</param>
public sealed record AuditVerdict(long Entries, AuditHead Head, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>What was signed, and was found to fit; null: nothing was, or it does not count.</summary>
    public Tree.Checkpoint? Checkpoint { get; init; }

    public bool Whole => Findings.Count == 0;
}
