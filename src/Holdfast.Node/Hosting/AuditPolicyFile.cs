using Holdfast.Core.Auditing;
using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Units;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Hosting;

/// <summary>The file <c>policy/audit.yaml</c> of a node's home: how long entries of the audit log are kept. Where there is none, 400 days: twelve months, and time to look at them.</summary>
internal static class AuditPolicyFile
{
    public static string Of(Home home) => Path.Combine(home.Policy, "audit.yaml");

    /// <summary>How long; null: as usual. Problems: <c>policy.*</c>, <c>files.*</c>; all at once.</summary>
    public static Outcome<TimeSpan?> Retention(Home home)
    {
        var file = Of(home);
        try
        {
            return File.Exists(file) ? Parse(File.ReadAllText(file), file) : Outcome.Of<TimeSpan?>(null);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {file}");
        }
    }

    public static Outcome<TimeSpan?> Parse(string text, string file) => YamlDocument.Read(text, file).Then(document => Read(document));

    private static Outcome<TimeSpan?> Read(DocumentNode document)
    {
        PolicyDocument read = new();
        if (read.Mapping(document, "the audit policy", "apiVersion", "kind", "retention") is not { } root) return read.Problems;
        foreach (var (key, value) in new[] { ("apiVersion", "holdfast/v1"), ("kind", "AuditPolicy") })
        {
            if (read.Required(root, key, "the audit policy") is { } given && given != value) read.Note(root.Find(key)!.Value.Place, "policy.kind", $"{key} is '{given}'; '{value}' is expected");
        }

        TimeSpan? retention = null;
        if (read.Required(root, "retention", "the audit policy") is { } said)
        {
            if (DurationText.TryParse(said, out var time) && time >= AuditRetirement.Shortest) retention = time;
            else read.Note(root.Find("retention")!.Value.Place, "policy.time", $"retention is '{said}'; {DurationText.Format(AuditRetirement.Shortest)} or longer is expected", null, "365d is what many rules for a year ask for");
        }

        return read.Problems.Count > 0 ? read.Problems.OrderBy(p => p.Where?.Line).ThenBy(p => p.Where?.Column).ToArray() : Outcome.Of(retention);
    }
}
