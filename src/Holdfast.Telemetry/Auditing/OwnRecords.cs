using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Telemetry.Auditing;

/// <summary>What the log records of itself.</summary>
internal static class OwnRecords
{
    /// <param name="origin">Of the checkpoints from here on.</param>
    /// <param name="key">That they are checked with; null: nothing is signed.</param>
    /// <param name="entries">In the tree so far.</param>
    public static AuditRecord Opened(string origin, NoteKey? key, long entries) => Of(AuditAction.Opened, key is null ? [] : new()
    {
        [AuditAction.OriginDetail] = origin,
        [AuditAction.KeyDetail] = key.Fingerprint,
        ["treeEntries"] = $"{entries}",
    });

    public static AuditRecord Closed() => Of(AuditAction.Closed, []);

    /// <summary>A torn end was cut off.</summary>
    public static AuditRecord Recovered(TornTail torn) => Of(AuditAction.Recovered, new() { ["bytes"] = torn.Bytes.ToString(), ["sha256"] = torn.Sha256 });

    /// <summary>The tree's file was made anew from the entries.</summary>
    public static AuditRecord Rebuilt(long entries) => Of(AuditAction.Recovered, new() { ["file"] = AuditTreeFile.Name, ["entries"] = $"{entries}" });

    private static AuditRecord Of(string action, Dictionary<string, string> details) => new()
    {
        Actor = "holdfast",
        Action = action,
        Target = "audit",
        Outcome = AuditOutcome.Done,
        Operation = Guid.NewGuid().ToString("n"),
        Details = details,
    };
}
