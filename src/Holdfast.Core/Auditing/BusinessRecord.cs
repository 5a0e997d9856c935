using Holdfast.Core.Problems;

namespace Holdfast.Core.Auditing;

/// <summary>What a service wants to have recorded of its own business, checked. Who it is and from where it calls is added by the node.</summary>
public sealed record BusinessRecord
{
    /// <summary>Actions of this prefix are services' own words, and the house has none of it.</summary>
    public const string Prefix = Word + ".";

    /// <summary>The refused attempt to append one.</summary>
    public const string Attempt = "audit.append";

    /// <summary>The first word of <see cref="Prefix"/>, for who makes actions of words.</summary>
    public const string Word = "business";

    /// <summary>Why, as in all entries.</summary>
    public const string ReasonDetail = "reason";

    private BusinessRecord()
    {
    }

    /// <summary>Without <see cref="Prefix"/>.</summary>
    public required string Action { get; init; }

    public required string Target { get; init; }

    public required AuditOutcome Outcome { get; init; }

    /// <summary>Ties several records of one service together; empty: it stands alone.</summary>
    public required string Operation { get; init; }

    /// <summary>Empty: it does not say.</summary>
    public required string Why { get; init; }

    public required IReadOnlyDictionary<string, string> Details { get; init; }

    /// <summary>Whether an entry is a service's word.</summary>
    public static bool Is(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Action.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>All problems of it at once (<see cref="ProblemKind.BadInput"/>): <c>record.action</c>, <c>record.target</c>, <c>record.outcome</c>, <c>record.operation</c>, <c>record.why</c>, <c>record.detail</c>, <c>record.size</c>.</summary>
    /// <param name="outcome">A word of <see cref="AuditOutcomes"/>; empty: done.</param>
    public static Outcome<BusinessRecord> Read(string action, string target, string outcome, string operation, string why, IReadOnlyDictionary<string, string> details)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(details);
        AuditOutcome? known = outcome.Length == 0 ? AuditOutcome.Done : AuditOutcomes.Find(outcome);
        List<Problem> problems =
        [
            .. BusinessRecordRules.Action(action),
            .. BusinessRecordRules.Target(target),
            .. known is null ? [BusinessRecordRules.NoOutcome(outcome)] : Array.Empty<Problem>(),
            .. BusinessRecordRules.Operation(operation),
            .. BusinessRecordRules.Why(why),
            .. BusinessRecordRules.Details(details),
        ];
        if (problems.Count > 0) return problems;
        return new BusinessRecord { Action = action, Target = target, Outcome = known!.Value, Operation = operation, Why = why, Details = details };
    }

    /// <summary>What is written of it.</summary>
    /// <param name="author">Whose it is.</param>
    /// <param name="from">From where it came: <see cref="CallDetails"/>.</param>
    /// <param name="alone">The operation of one that names none.</param>
    public AuditRecord By(RecordAuthor author, IReadOnlyDictionary<string, string> from, string alone)
    {
        ArgumentNullException.ThrowIfNull(author);
        ArgumentNullException.ThrowIfNull(from);
        var details = new Dictionary<string, string>(Details);
        if (Why.Length > 0) details[ReasonDetail] = Why;
        foreach (var (key, value) in author.Details.Concat(from)) details[key] = value;
        return new()
        {
            Actor = author.Actor,
            Action = Prefix + Action,
            Target = Target,
            Outcome = Outcome,
            // Nobody ties his records to an operation of the house, or of another service.
            Operation = Operation.Length > 0 ? $"{author.Service}/{Operation}" : alone,
            Details = details,
        };
    }
}
