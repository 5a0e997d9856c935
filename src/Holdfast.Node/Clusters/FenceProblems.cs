using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;

namespace Holdfast.Node.Clusters;

/// <summary>Why a node is not fenced from outside.</summary>
internal static class FenceProblems
{
    public static Problem Itself(string node) => new(ProblemKind.Refused, "fence.itself", $"{node} is this node: it cannot see itself being off.")
    {
        Mend = $"ask another node: --server HOST:PORT; or drain it: holdfast node drain {node}",
    };

    public static Problem NoCommand(string node, string file) => new(ProblemKind.NotFound, "fence.no-command", $"This node has no command that powers {node} off.")
    {
        Mend = $"write one into {file}, and pin its executable in trust.yaml: nodes: [{{node: {node}, command: [/usr/bin/ipmitool, -I, lanplus, -H, \"{FenceCommand.NodeWord}-bmc\", …, chassis, power, off], confirm: […]}}]",
    };

    public static Problem NoLease(string node) => new(ProblemKind.Conflict, "fence.no-lease", $"{node} has no lease: nothing is to be taken from it, and nobody waits for it.")
    {
        Mend = "`holdfast nodes` shows who is there",
    };

    public static Problem InDoubt(string self) => new(ProblemKind.Conflict, "fence.in-doubt", $"{self} has no lease that is beyond doubt: it may itself be the node that is cut off.")
    {
        Mend = "ask another node, or wait until `holdfast cluster check` finds this node's lease good",
    };

    public static Problem AnotherHasTheTurn(FenceDocument turn) => new(ProblemKind.Conflict, "fence.turn", $"{turn.From} is fencing {turn.Node} at this moment, and one alone is fenced at a time.")
    {
        Why = $"{turn.By} wants it: {turn.Why}",
        Mend = "wait for its outcome (holdfast audit list), and look again",
    };

    public static Problem Busy(string self) => new(ProblemKind.Conflict, "fence.turn", $"{self} is fencing a node at this moment, and one alone is fenced at a time.")
    {
        Mend = "wait for its outcome (holdfast audit list), and look again",
    };

    public static Problem NotTaken(string node, Problem why) => new(ProblemKind.Unavailable, "fence.not-taken", $"{node} is off, but its lease could not be taken from it: it ends by itself.") { Why = why.What };

    public static Problem NoRight(string caller) => new(ProblemKind.Refused, "fence.no-right", $"{caller} may not power nodes off.") { Mend = "root, the agent's own account, and admins may" };
}
