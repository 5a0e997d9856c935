using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>The problems of the audit log, each made in one place. Rule names are append-only.</summary>
internal static class AuditProblem
{
    public static Problem NotWritten(string folder, Exception why) => new(
        ProblemKind.Unavailable, "audit.not-written", $"The audit log in {folder} cannot be written, so nothing may be changed.")
    {
        Why = why.Message,
        Mend = "free space or mend the volume and try again; nothing was changed",
    };

    public static Problem NotRead(string folder, Exception why) => new(
        ProblemKind.Unavailable, "audit.not-read", $"The audit log in {folder} cannot be read.")
    {
        Why = why.Message,
    };

    public static Problem Damaged(string folder, AuditFinding finding) => new(
        ProblemKind.Damaged, "audit.damaged", $"The audit log in {folder} is not what was written. {finding.What}")
    {
        Mend = "keep the folder, it is evidence: move it away whole and report it, or bring it back from a backup; a new log begins by itself",
    };

    public static Problem RetentionTooShort(TimeSpan asked) => new(
        ProblemKind.BadInput, "audit.retention-too-short", $"Audit entries cannot be kept for {asked.TotalDays:0.#} days only.")
    {
        Mend = $"keep them for {AuditRetirement.Shortest.TotalDays:0} days or longer",
    };
}
