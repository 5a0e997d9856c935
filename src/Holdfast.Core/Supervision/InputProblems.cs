using Holdfast.Core.Problems;

namespace Holdfast.Core.Supervision;

/// <summary>Why a service's standard input takes nothing. Rule names are append-only.</summary>
public static class InputProblems
{
    /// <summary>Where the spec does not open it: who only wanted to look on can do so.</summary>
    public const string ClosedRule = "attach.stdin-closed";

    /// <summary>Of a supervisor that does not know how: likewise.</summary>
    public const string OlderRule = "attach.supervisor-older";

    public static Problem Closed(string instance) => new(ProblemKind.Conflict, ClosedRule, $"the standard input of {instance} is closed")
    {
        Why = "its spec does not open it to operators",
        Mend = "say `stdin: open` in its spec and deploy it; `holdfast attach --no-stdin` shows its output",
    };

    public static Problem NotRunning(string instance) => new(ProblemKind.Conflict, "attach.not-running", $"{instance} is not running: it has no process that could read")
    {
        Mend = "send it again when it runs",
    };

    public static Problem Ended(string instance) => new(ProblemKind.Conflict, "attach.ended", $"the process of {instance} ended before it had read all of it")
    {
        Why = "its successor is given nothing that was meant for it",
        Mend = "send it again",
    };

    /// <summary>A process that ends lets go of its input a moment before its end is known.</summary>
    public static Problem NotRead(string instance) => new(ProblemKind.Conflict, "attach.not-read", $"the process of {instance} reads no more")
    {
        Why = "it has closed its standard input, or is just ending",
        Mend = "its successor reads again: send it when that runs",
    };

    public static Problem AtEnd(string instance) => new(ProblemKind.Conflict, "attach.at-end", $"the standard input of {instance} has come to its end")
    {
        Why = "an operator has ended it, or its process was started without",
        Mend = "it is open again after a restart",
    };

    public static Problem Withdrawn(string instance) => new(ProblemKind.Conflict, "attach.withdrawn", $"what {instance} had not read was taken back");

    public static Problem TooSoon(string instance) => new(ProblemKind.BadInput, "attach.too-soon", $"input for {instance} was sent before what came before it was answered");
}
