namespace Holdfast.Core.Problems;

/// <summary>Every exit code of <c>holdfast</c> and <c>holdfast-supervisor</c>. Append only: scripts depend on them.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A bug of ours: please report it.</summary>
    public const int Bug = 1;

    /// <summary>Bad input: arguments, a spec, values. Nothing was changed.</summary>
    public const int BadInput = 2;

    /// <summary>A rule forbids it: an untrusted package, a missing right.</summary>
    public const int Refused = 3;

    /// <summary>What was named does not exist.</summary>
    public const int NotFound = 4;

    /// <summary>Not possible in the present state: busy, taken, already running.</summary>
    public const int Conflict = 5;

    /// <summary>Nobody answers: the agent is not running or does not answer.</summary>
    public const int Unavailable = 6;

    /// <summary>It was tried and failed: a deploy that was rolled back, a start that did not succeed.</summary>
    public const int Failed = 7;

    /// <summary>Data on disk is damaged.</summary>
    public const int Damaged = 8;

    /// <summary>Interrupted by the user (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    public static int For(ProblemKind kind) => kind switch
    {
        ProblemKind.BadInput => BadInput,
        ProblemKind.Refused => Refused,
        ProblemKind.NotFound => NotFound,
        ProblemKind.Conflict => Conflict,
        ProblemKind.Unavailable => Unavailable,
        ProblemKind.Failed => Failed,
        ProblemKind.Damaged => Damaged,
        _ => Bug,
    };
}
