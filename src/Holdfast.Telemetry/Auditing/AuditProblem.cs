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

    public static Problem NotCopied(Exception why) => new(ProblemKind.Failed, "audit.not-copied", "Entries of the audit log do not reach sinks.")
    {
        Why = why.Message,
        Mend = "nothing is lost: they are copied when files can be read and written again",
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

    public static Problem NoSuchEntry(long asked, long first, long last) => new(
        ProblemKind.NotFound, "audit.no-such-entry", $"The audit log has no entry {asked} to give.")
    {
        Mend = $"ask for entries between {first} and {last}",
    };

    public static Problem NoKey(string folder) => new(
        ProblemKind.Unavailable, "audit.no-key", $"The audit log in {folder} signs nothing: it was opened without its key.");

    public static Problem NotProven(string folder, string why) => new(
        ProblemKind.Damaged, "audit.damaged", $"The audit log in {folder} cannot prove its entries.")
    {
        Why = why,
        Mend = "run `holdfast audit verify`, which says what is not as it was written",
    };

    public static Problem NotKept(string why) => new(ProblemKind.BadInput, "audit.kept", "This is no checkpoint that the log's key has signed.") { Why = why };

    public static Problem OtherLog(string kept, string own) => new(
        ProblemKind.Conflict, "audit.other-log", $"The checkpoint is of {kept}, and this log is {own}.")
    {
        Why = "a log that was restored, or begun anew, is another one; its entries say when",
        Mend = "hold the checkpoint against an export of the log that it is of",
    };

    public static Problem HoldName(string name) => new(ProblemKind.BadInput, "audit.hold-name", $"'{name}' is no name of a hold.")
    {
        Mend = "1 to 64 letters, digits, dots, dashes and underscores, like a case number",
    };

    public static Problem HoldIsSet(string name) => new(ProblemKind.Conflict, "audit.hold-set", $"The hold {name} is set already.");

    public static Problem NoSuchHold(string name, IReadOnlyList<AuditHold> holds) => new(ProblemKind.NotFound, "audit.no-such-hold", $"There is no hold {name}.")
    {
        Mend = holds.Count > 0 ? $"there are: {string.Join(", ", holds.Select(hold => hold.Name))}" : "none is set",
    };
}
