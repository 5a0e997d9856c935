using System.Buffers;
using System.Text;
using Holdfast.Core.Redaction;
using Holdfast.Core.Services;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Hosting;

/// <summary>Law 10 for the audit log: what the built-in rules find in a text is not written.</summary>
internal static class AuditRedaction
{
    private static readonly RedactionRules rules = RedactionRules.Create(new RedactionSpec(), []).Value;

    /// <summary>How this node keeps its log.</summary>
    public static AuditOptions Options(string node) => new() { Node = node, Redact = Apply, SyncFolder = DurableFolder.Sync };

    public static string Apply(string text) => Apply(text, rules);

    public static string Apply(string text, RedactionRules rules)
    {
        var line = text.Replace('\n', ' ') + "\n";
        var output = new ArrayBufferWriter<byte>();
        return new Redactor(rules, new RedactionTally()).TryRedact(Encoding.UTF8.GetBytes(line), output)
            ? Encoding.UTF8.GetString(output.WrittenSpan).TrimEnd('\n')
            : text;
    }
}
