using Holdfast.Cli.Output;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Documents;

/// <summary>Every exit code, in words. A test holds this list against <see cref="ExitCode"/> and docs/cli.md.</summary>
internal static class ExitCodeText
{
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (ExitCode.Ok, "done"),
        (ExitCode.Bug, "a bug of ours: please report it"),
        (ExitCode.BadInput, "bad input: arguments, a spec, values; nothing was changed"),
        (ExitCode.Refused, "a rule forbids it: an untrusted package, a missing right"),
        (ExitCode.NotFound, "what was named does not exist"),
        (ExitCode.Conflict, "not possible in the present state: busy, taken, already running"),
        (ExitCode.Unavailable, "nobody answers: the agent is not running or does not answer"),
        (ExitCode.Failed, "tried, and failed: a deploy that was rolled back, a start that did not succeed"),
        (ExitCode.Damaged, "data on disk is damaged"),
        (ExitCode.Interrupted, "interrupted by the user"),
    ];

    public static string Table()
    {
        var table = new Table("CODE", "MEANING");
        foreach (var (code, meaning) in All) table.Add($"{code}", meaning);
        return table.ToString();
    }
}
