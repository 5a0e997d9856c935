using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Hosting;

/// <summary>
/// The node's record of changes for acts that no agent carries out: a log has one writer, which is the agent while there is one, and whoever
/// holds its lock while there is none.
/// </summary>
public static class RecordKeeping
{
    public const string AgentRunsRule = "record.agent-runs";

    private const int LongestAction = 64;

    /// <summary>Writes a step of an act; it is on disk at return. A <see cref="ProblemKind.Conflict"/> by <see cref="AgentRunsRule"/>: an agent runs, ask that.</summary>
    /// <param name="node">The node's name, as its agent has it.</param>
    public static Outcome<Done> Append(Home home, string node, AuditRecord step, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(home);
        var folders = HomeFolders.Ensure(home);
        if (!folders.IsOk) return folders;
        var locked = FileLock.TryTake(home.AgentLock, time);
        if (!locked.TryGet(out var held))
            return locked.Problems[0].Kind == ProblemKind.Conflict ? new Problem(ProblemKind.Conflict, AgentRunsRule, "an agent runs, and keeps the record") : Outcome.Failed<Done>(locked.Problems);
        using (held)
        {
            var opened = NodeAudit.Open(home, node, time);
            if (!opened.TryGet(out var log)) return Outcome.Failed<Done>(opened.Problems);
            using (log) return log.Append(step).Then(_ => Outcome.Done);
        }
    }

    /// <summary>Two words with a dot between, as in <c>service.install</c>; never one of the log's own, nor a service's.</summary>
    internal static bool IsAction(string action) =>
        action.Length <= LongestAction && action.Split('.') is [{ Length: > 0 } one, { Length: > 0 } two] && one is not ("audit" or BusinessRecord.Word) && (one + two).All(char.IsAsciiLetterLower);

    internal static Problem NotAnAct { get; } = new(ProblemKind.BadInput, "record.act", "This is no act that could be recorded.")
    {
        Mend = "name an action of two words (service.install), a target, an operation, and one of intended, done, failed, refused; no detail begins with call., which is what the node says of callers",
    };

    internal static Problem NoHoldRight(string caller) => new(ProblemKind.Refused, "record.no-right", $"{caller} may not hold the record of this node, nor release it.")
    {
        Mend = "root, the agent's own account and admins may",
    };

    internal static Problem NoRight(string caller) => new(ProblemKind.Refused, "record.no-right", $"{caller} may not write into the record of this node.")
    {
        Mend = "root and the agent's own account may",
    };
}
