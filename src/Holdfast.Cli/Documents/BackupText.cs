using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>A backup, for a person and for machines.</summary>
internal static class BackupText
{
    public static void Show(Terminal terminal, string path, BackupSummary backup)
    {
        terminal.Line($"backup    {path}");
        terminal.Line($"digest    {backup.Digest}");
        terminal.Line($"node      {backup.Node}, {Human.Time(backup.CreatedAt)}, by {backup.CreatedBy}, Holdfast {backup.Version}");
        terminal.Line($"size      {Human.Size(backup.Bytes)} in {backup.Files} files, {backup.Packages} {(backup.Packages == 1 ? "package" : "packages")}");
        terminal.Line($"store     revision {backup.StoreRevision}");
        terminal.Line($"audit     entry {backup.AuditSequence}, {backup.AuditHead}");
    }

    public static JsonObject Document(string path, BackupSummary backup) => new()
    {
        ["file"] = path,
        ["digest"] = backup.Digest,
        ["node"] = backup.Node,
        ["createdAt"] = Human.Stamp(backup.CreatedAt),
        ["createdBy"] = backup.CreatedBy,
        ["version"] = backup.Version,
        ["bytes"] = backup.Bytes,
        ["files"] = backup.Files,
        ["packages"] = backup.Packages,
        ["storeRevision"] = backup.StoreRevision,
        ["auditSequence"] = backup.AuditSequence,
        ["auditHead"] = backup.AuditHead,
        ["warnings"] = new JsonArray([.. backup.Warnings.Select(warning => (JsonNode)warning)]),
    };
}
