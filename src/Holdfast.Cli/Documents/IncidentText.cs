using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Cli.Commands;
using Holdfast.Cli.Output;
using Holdfast.Core.Incidents;

namespace Holdfast.Cli.Documents;

/// <summary>What nodes decided, and whether it would be decided again.</summary>
internal static class IncidentText
{
    /// <summary>Of one decision so many differences are shown; a document has all.</summary>
    private const int MostShown = 8;

    /// <summary>What was saved.</summary>
    public static string Summary(string path, IncidentBundle bundle)
    {
        var text = new StringBuilder();
        text.Append($"file       {path}\n");
        text.Append($"digest     {bundle.Digest}\n");
        text.Append($"node       {bundle.Head.Node} of {bundle.Head.Cluster}\n");
        text.Append($"decisions  {bundle.Decisions.Count}{Span(bundle.Decisions)}\n");
        text.Append($"lost       {bundle.End.Lost}\n");
        if (bundle.End.Dropped > 0) text.Append($"dropped    {bundle.End.Dropped} that were older\n");
        return text.ToString();
    }

    public static string Timeline(IReadOnlyList<(string File, IncidentBundle Bundle)> bundles, IReadOnlyList<ReplayedDecision> replayed)
    {
        var table = new Table("AT", "NODE", "SERVICE", "HEARD", "DECIDED", "WHY", "NOW");
        foreach (var one in replayed)
        {
            var (then, decision) = (one.Then, one.Then.Decision);
            table.Add(Moment(then.At), then.Node, then.Service, DecisionText.Heard(decision), DecisionText.Decided(decision), DecisionText.Why(decision), one.IsSame ? "the same" : $"differs (decision {then.Number})");
        }

        var text = new StringBuilder($"{table}\n");
        foreach (var one in replayed.Where(one => !one.IsSame)) Append(text, one);
        foreach (var (file, bundle) in bundles) text.Append(Printable.Text($"{file}: {bundle.Head.Node}, {Lost(bundle)}. Digest {bundle.Digest}")).Append('\n');
        if (bundles.Select(one => one.Bundle.Head.Node).Distinct().Count() > 1) text.Append("Times are those of each node's own clock.\n");
        return text.Append($"{Verdict(replayed)}\n").ToString();
    }

    public static JsonNode Document(IReadOnlyList<(string File, IncidentBundle Bundle)> bundles, IReadOnlyList<ReplayedDecision> replayed) => new JsonObject
    {
        ["version"] = VersionCommand.Version,
        ["same"] = replayed.All(one => one.IsSame),
        ["bundles"] = new JsonArray([.. bundles.Select(one => (JsonNode)new JsonObject
        {
            ["file"] = one.File,
            ["node"] = one.Bundle.Head.Node,
            ["cluster"] = one.Bundle.Head.Cluster,
            ["version"] = one.Bundle.Head.Version,
            ["savedAt"] = Stamp(one.Bundle.Head.SavedAt),
            ["decisions"] = one.Bundle.Decisions.Count,
            ["lost"] = one.Bundle.End.Lost,
            ["dropped"] = one.Bundle.End.Dropped,
            ["digest"] = one.Bundle.Digest,
        })]),
        ["decisions"] = new JsonArray([.. replayed.Select(one => (JsonNode)new JsonObject
        {
            ["number"] = one.Then.Number,
            ["at"] = Stamp(one.Then.At),
            ["node"] = one.Then.Node,
            ["service"] = one.Then.Service.Length > 0 ? one.Then.Service : null,
            ["version"] = one.Then.Version,
            ["kind"] = DecisionText.Kind(one.Then.Decision),
            ["heard"] = DecisionText.Heard(one.Then.Decision),
            ["decided"] = DecisionText.Decided(one.Then.Decision),
            ["why"] = DecisionText.Why(one.Then.Decision),
            ["same"] = one.IsSame,
            ["differences"] = new JsonArray([.. one.Differences.Select(difference => (JsonNode)new JsonObject { ["where"] = difference.Where, ["then"] = difference.Then, ["now"] = difference.Now })]),
        })]),
    };

    private static void Append(StringBuilder text, ReplayedDecision one)
    {
        text.Append(Printable.Text($"{one.Then.Node}, decision {one.Then.Number}, made by version {one.Then.Version}:")).Append('\n');
        foreach (var difference in one.Differences.Take(MostShown)) text.Append(Printable.Text($"  {difference.Where}: then {difference.Then}, now {difference.Now}")).Append('\n');
        if (one.Differences.Count > MostShown) text.Append($"  and {one.Differences.Count - MostShown} more (-o json shows all)\n");
    }

    private static string Lost(IncidentBundle bundle) =>
        $"{bundle.Decisions.Count} decisions, {(bundle.End.Lost == 0 ? "none" : bundle.End.Lost.ToString(CultureInfo.InvariantCulture))} lost{(bundle.End.Dropped > 0 ? $", {bundle.End.Dropped} older ones dropped" : "")}";

    private static string Verdict(IReadOnlyList<ReplayedDecision> replayed)
    {
        var others = replayed.Count(one => !one.IsSame);
        return others == 0
            ? $"Version {VersionCommand.Version} decides all {replayed.Count} the same."
            : $"Version {VersionCommand.Version} decides {others} of {replayed.Count} otherwise.";
    }

    private static string Span(IReadOnlyList<IncidentLine.Decided> decisions) =>
        decisions.Count == 0 ? "" : $", from {Moment(decisions.Min(one => one.At))} to {Moment(decisions.Max(one => one.At))}";

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
