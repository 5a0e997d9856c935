namespace Holdfast.Core.Problems;

/// <summary>What kind of failure a problem is. Exit codes and gRPC statuses follow from it (<see cref="ExitCode"/>).</summary>
public enum ProblemKind
{
    /// <summary>The input is wrong: a spec, values, an argument. Nothing was changed.</summary>
    BadInput,

    /// <summary>A rule forbids it: an untrusted package, a policy, a right that is missing.</summary>
    Refused,

    /// <summary>What was named does not exist.</summary>
    NotFound,

    /// <summary>It cannot be done in the present state: a name that is taken, a rollout in progress, a second agent.</summary>
    Conflict,

    /// <summary>Who should answer does not: no agent, no supervisor, a store that is away.</summary>
    Unavailable,

    /// <summary>It was tried, and it failed; what was before is back or still there.</summary>
    Failed,

    /// <summary>Data on disk is not what was written: a store, an audit log, a segment.</summary>
    Damaged,
}

/// <summary>A place in a text file: line and column count from 1.</summary>
public readonly record struct Place(string File, int Line, int Column)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}:{Column}" : File;
}

/// <summary>
/// An expected failure, as a value: what happened, where, why, and what to do.
/// </summary>
/// <param name="Kind">What kind of failure it is.</param>
/// <param name="Rule">The name of the rule that was broken, stable and greppable: <c>spec.unknown-key</c>, <c>package.digest-mismatch</c>.</param>
/// <param name="What">One sentence: what is wrong, with the offending value in it.</param>
public sealed record Problem(ProblemKind Kind, string Rule, string What)
{
    /// <summary>Where it is, if it is in a file.</summary>
    public Place? Where { get; init; }

    /// <summary>Why that is a problem, if the sentence does not say it.</summary>
    public string? Why { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Mend { get; init; }

    /// <summary>One line: place, sentence, reason, mend and rule.</summary>
    public override string ToString()
    {
        // What, why and mend may be sentences of their own; here they are parts of one line.
        var what = What.TrimEnd('.');
        var text = Where is { } where ? $"{where}: {what}" : what;
        if (Why is not null) text += $" ({Why.TrimEnd('.')})";
        if (Mend is not null) text += $"; {Mend.TrimEnd('.')}";
        return $"{text} [{Rule}]";
    }
}
