using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>Entries of the audit log, for machines and people.</summary>
internal static class AuditText
{
    public static JsonNode Document(AuditEntry entry) => new JsonObject
    {
        ["sequence"] = entry.Sequence,
        ["at"] = Human.Stamp(entry.At),
        ["node"] = entry.Node,
        ["actor"] = entry.Actor,
        ["action"] = entry.Action,
        ["target"] = entry.Target,
        ["outcome"] = entry.Outcome,
        ["details"] = new JsonObject(entry.Details.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))),
        ["operation"] = entry.Operation,
        ["hash"] = entry.Hash,
    };

    public static string[] Cells(AuditEntry entry) =>
    [
        $"{entry.Sequence}",
        Human.Time(entry.At),
        entry.Actor,
        entry.Action,
        entry.Target,
        entry.Outcome,
        // How right the clock was stands in each entry; who wants to see it, asks for JSON.
        string.Join(' ', entry.Details.Where(d => d.Key != Core.Auditing.AuditDetails.Clock).OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}={Short(d.Value)}")),
    ];

    private static string Short(string value) => value.StartsWith("sha256:", StringComparison.Ordinal) ? Human.ShortDigest(value) : value;
}
