using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Documents;

/// <summary>What a verification of an export or a proof found, for machines and people.</summary>
internal static class AuditExportText
{
    public static string Range(AuditExportVerdict verdict)
    {
        var signed = verdict.Checkpoint is { } checkpoint ? $" of {checkpoint.Origin}; its checkpoint signs {checkpoint.Size}" : "";
        // An export of last year is as whole as one of today: its times say which it is.
        var when = verdict.Times is { } times ? string.Create(CultureInfo.InvariantCulture, $", {times.First.UtcDateTime:u} to {times.Last.UtcDateTime:u},") : "";
        return $"{(verdict.From == verdict.To ? $"entry {verdict.From}" : $"entries {verdict.From} to {verdict.To}")}{when}{signed}";
    }

    public static IReadOnlyList<Problem> Problems(IReadOnlyList<AuditFinding> findings) =>
        [.. findings.Select(finding => new Problem(ProblemKind.Damaged, "audit.broken", finding.What) { Why = Word(finding.Fault), Mend = "keep the file as evidence, and export again from the node" })];

    public static JsonNode Document(AuditExportVerdict verdict, NoteKey key) => new JsonObject
    {
        ["whole"] = verdict.Whole,
        ["entries"] = verdict.Records,
        ["from"] = verdict.From,
        ["to"] = verdict.To,
        ["firstAt"] = verdict.Times is { } first ? AuditLine.Stamp(first.First) : null,
        ["lastAt"] = verdict.Times is { } last ? AuditLine.Stamp(last.Last) : null,
        ["origin"] = verdict.Checkpoint?.Origin,
        ["checkpointEntries"] = verdict.Checkpoint?.Size,
        ["root"] = verdict.Checkpoint?.Root.ToString(),
        ["publicKeySha256"] = key.Fingerprint,
        ["findings"] = new JsonArray([.. verdict.Findings.Select(finding => (JsonNode)new JsonObject
        {
            ["fault"] = Word(finding.Fault),
            ["entry"] = finding.Sequence,
            ["what"] = finding.What,
        })]),
    };

    public static JsonNode Document(AuditEntry entry, Checkpoint checkpoint, NoteKey key) => new JsonObject
    {
        ["proven"] = true,
        ["entry"] = entry.Sequence,
        ["origin"] = checkpoint.Origin,
        ["checkpointEntries"] = checkpoint.Size,
        ["root"] = checkpoint.Root.ToString(),
        ["publicKeySha256"] = key.Fingerprint,
    };

    public static JsonNode Document(Checkpoint before, Checkpoint now, NoteKey key) => new JsonObject
    {
        ["proven"] = true,
        ["origin"] = now.Origin,
        ["keptEntries"] = before.Size,
        ["checkpointEntries"] = now.Size,
        ["root"] = now.Root.ToString(),
        ["publicKeySha256"] = key.Fingerprint,
    };

    /// <summary>changed, removed, reordered, …: append only, scripts read them.</summary>
    private static string Word(AuditFault fault) => fault switch
    {
        AuditFault.Edited => "changed",
        AuditFault.Removed => "removed",
        AuditFault.Inserted => "inserted",
        AuditFault.Reordered => "reordered",
        AuditFault.Replaced => "replaced",
        AuditFault.Truncated => "cut",
        AuditFault.Beheaded => "beginning missing",
        AuditFault.HeadLost => "head lost",
        AuditFault.TreeChanged => "tree changed",
        AuditFault.CheckpointLost => "checkpoint lost",
        AuditFault.CheckpointChanged => "checkpoint changed",
        AuditFault.BackDated => "back-dated",
        AuditFault.ExportChanged => "export changed",
        AuditFault.NotWitnessed => "not witnessed",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not a fault."),
    };
}
