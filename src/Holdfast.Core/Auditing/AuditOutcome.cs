namespace Holdfast.Core.Auditing;

/// <summary>How far a change has come. A change has an entry <see cref="Intended"/> before it takes effect, and one of the others after.</summary>
public enum AuditOutcome
{
    Intended,
    Done,
    Refused,
    Failed,
}

/// <summary>The words for outcomes in files and interfaces. Append only.</summary>
public static class AuditOutcomes
{
    public static string Word(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Intended => "intended",
        AuditOutcome.Done => "done",
        AuditOutcome.Refused => "refused",
        AuditOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };

    public static AuditOutcome? Find(string word) => word switch
    {
        "intended" => AuditOutcome.Intended,
        "done" => AuditOutcome.Done,
        "refused" => AuditOutcome.Refused,
        "failed" => AuditOutcome.Failed,
        _ => null,
    };
}
