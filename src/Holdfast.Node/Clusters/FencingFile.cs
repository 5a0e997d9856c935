using Holdfast.Core.Documents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Units;
using Holdfast.Identity.Certificates;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>
/// The file <c>policy/fencing.yaml</c> of a node's home. What it names is executed as the agent's account, so it is believed only where nobody but that account and administrators can write it.
/// Where there is none, nothing is fenced from here.
/// </summary>
internal static class FencingFile
{
    /// <summary>Shorter than a renewal's turn is no sign of anything.</summary>
    private static readonly TimeSpan ShortestAfter = TimeSpan.FromSeconds(1), LongestAfter = TimeSpan.FromMinutes(10), ShortestWithin = TimeSpan.FromSeconds(1);

    public static string Of(Home home) => Path.Combine(home.Policy, "fencing.yaml");

    /// <summary>Problems: <c>policy.*</c>, <c>fence.file-open</c>; all at once.</summary>
    public static Outcome<FencingRules> Read(Home home)
    {
        var file = Of(home);
        if (!File.Exists(file)) return FencingRules.None;
        if (FileFactsReader.ReadEntry(file) is not { WritableByOthers: false } || FileFactsReader.OpenFolderAbove(file) is not null) return Open(file);
        try
        {
            return Parse(File.ReadAllText(file), file);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {file}");
        }
    }

    public static Outcome<FencingRules> Parse(string text, string file) => YamlDocument.Read(text, file).Then(document => Read(document));

    private static Outcome<FencingRules> Read(DocumentNode document)
    {
        PolicyDocument read = new();
        if (read.Mapping(document, "the fencing", "apiVersion", "kind", "nodes", "automaticAfter") is not { } root) return read.Problems;
        foreach (var (key, value) in new[] { ("apiVersion", "holdfast/v1"), ("kind", "Fencing") })
        {
            if (read.Required(root, key, "the fencing") is { } given && given != value) read.Note(root.Find(key)!.Value.Place, "policy.kind", $"{key} is '{given}'; '{value}' is expected");
        }

        List<FenceCommand> nodes = [];
        foreach (var item in read.Items(root, "nodes"))
        {
            if (Node(read, item) is not { } node) continue;
            if (nodes.Exists(one => one.Node == node.Node)) read.Note(item.Place, "policy.twice", $"{node.Node} is named twice", null, "one of them is enough");
            nodes.Add(node);
        }

        var after = Time(read, root, "automaticAfter", ShortestAfter, LongestAfter);
        if (nodes.Count == 0 && read.Problems.Count == 0) read.Note(root.Place, "policy.no-nodes", "the fencing names no node", "it says how other nodes are powered off", "add '- node: \"*\"' with a command under 'nodes'");
        return read.Problems.Count > 0 ? read.Problems.OrderBy(p => p.Where?.Line).ThenBy(p => p.Where?.Column).ToArray() : new FencingRules(nodes, after);
    }

    private static FenceCommand? Node(PolicyDocument read, DocumentNode item)
    {
        if (read.Mapping(item, "a node", "node", "command", "confirm", "within") is not { } mapping) return null;
        var name = read.Required(mapping, "node", "a node");
        if (name is not null && name != FenceCommand.AnyNode && !PeerName.IsName(name)) read.Note(mapping.Find("node")!.Value.Place, "policy.node", $"'{name}' is no name of a node", null, "as `holdfast nodes` shows it, or \"*\" for all");
        if (mapping.Find("command") is null) read.Note(mapping.Place, "policy.missing-key", "a node has no 'command'");
        var (command, confirm) = (Words(read, mapping, "command"), Words(read, mapping, "confirm"));
        var within = Time(read, mapping, "within", ShortestWithin, FenceCommand.LongestWithin) ?? FenceCommand.UsuallyWithin;
        return name is null ? null : new(name, command, confirm, within);
    }

    private static List<string> Words(PolicyDocument read, MappingNode mapping, string key)
    {
        if (mapping.Find(key) is not { } entry) return [];
        var words = read.Items(mapping, key).Select(word => read.Text(word, $"a word of {key}")).OfType<string>().ToList();
        if (entry.Value is SequenceNode && (words.Count == 0 || !Path.IsPathFullyQualified(words[0]) || words[0].Contains(FenceCommand.NodeWord, StringComparison.Ordinal)))
        {
            read.Note(
                entry.Value.Place, "policy.command", $"{key} does not begin with the absolute path of an executable", "no shell reads it, and nothing is searched for",
                $"{key}: [/usr/bin/ipmitool, -I, lanplus, -H, \"{FenceCommand.NodeWord}-bmc\", -f, /etc/holdfast/ipmi, chassis, power, off]");
        }

        return words;
    }

    private static TimeSpan? Time(PolicyDocument read, MappingNode mapping, string key, TimeSpan shortest, TimeSpan longest)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (DurationText.TryParse(text, out var time) && time >= shortest && time <= longest) return time;
        read.Note(mapping.Find(key)!.Value.Place, "policy.time", $"{key} is '{text}'; {DurationText.Format(shortest)} to {DurationText.Format(longest)} is expected");
        return null;
    }

    private static Problem Open(string file) => new(ProblemKind.Refused, "fence.file-open", $"{file} can be written by others than the agent's account and administrators, or is a link.")
    {
        Why = "what it names is executed",
        Mend = OperatingSystem.IsWindows() ? $"icacls {file} /reset, and let only administrators write it" : $"chown root {file} && chmod go-w {file}",
    };
}
