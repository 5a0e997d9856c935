using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Values;

namespace Holdfast.Core.Tests.Services;

public sealed class ValuesOverlayTests
{
    private static readonly string[] Openable = ["environment", "environment.LOG_LEVEL", "limits.*", "limits.memory", "restart", "stop.timeout", "health.*", "name", "version.*", "open", "*", ""];

    [Fact]
    public void Law08_values_never_change_a_key_that_is_not_open() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(400),
            Prop.ForAll(
                RandomDocuments.Node(4).SelectMany(spec => RandomDocuments.Node(4).SelectMany(values => Gen.SubListOf(Openable).Select(open => (spec: WithOpen(spec, open), values: WithHead(values), open: open.ToList())))).ToArbitrary(),
                one =>
                {
                    var before = Leaves(one.spec, "").ToDictionary(leaf => leaf.Path, leaf => leaf.Node);
                    var after = Leaves(ValuesOverlay.Lay(one.spec, one.values).Document, "").ToDictionary(leaf => leaf.Path, leaf => leaf.Node);
                    return before.Keys.Union(after.Keys).All(path => Same(before.GetValueOrDefault(path), after.GetValueOrDefault(path)) || one.open.Exists(open => MayChange(open, path)));
                }));

    /// <summary>Said again, in other words than the product's.</summary>
    private static bool MayChange(string open, string path)
    {
        string[] never = ["apiVersion", "kind", "name", "version", "open", "files"];
        var parts = open.Split('.');
        if (never.Contains(parts[0]) || never.Contains(path.Split('|')[0]))
            return false;
        var star = parts[^1] == "*" && parts.Length > 1;
        var wanted = star ? parts[..^1] : parts;
        var given = path.Split('|');
        // A leaf that is now a mapping's place (or was) stands for what is below it.
        return given.Take(wanted.Length).SequenceEqual(wanted) || (wanted.Take(given.Length).SequenceEqual(given));
    }

    private static bool Same(DocumentNode? left, DocumentNode? right) => (left, right) switch
    {
        (null, null) => true,
        (ScalarNode one, ScalarNode other) => one == other,
        (SequenceNode one, SequenceNode other) => one.Items.Count == other.Items.Count && one.Items.Zip(other.Items).All(pair => Same(pair.First, pair.Second)),
        (MappingNode one, MappingNode other) => one.Entries.Count == other.Entries.Count && one.Entries.Zip(other.Entries).All(pair => pair.First.Key == pair.Second.Key && Same(pair.First.Value, pair.Second.Value)),
        _ => false,
    };

    private static IEnumerable<(string Path, DocumentNode Node)> Leaves(DocumentNode node, string path) => node is MappingNode { Entries.Count: > 0 } mapping
        ? mapping.Entries.SelectMany(entry => Leaves(entry.Value, path.Length == 0 ? entry.Key : $"{path}|{entry.Key}"))
        : [(path, node)];

    private static MappingNode WithOpen(DocumentNode spec, IEnumerable<string> open) => new(
        new("spec", 1, 1),
        [
            .. Entries(spec).Where(entry => entry.Key is not ("open" or "")),
            new("open", new("spec", 1, 1), new SequenceNode(new("spec", 1, 1), [.. open.Select(path => new ScalarNode(new("spec", 1, 1), path, true))])),
        ]);

    private static MappingNode WithHead(DocumentNode values) => new(
        new("values", 1, 1),
        [
            new("apiVersion", new("values", 1, 1), new ScalarNode(new("values", 1, 1), "holdfast/v1", false)),
            new("kind", new("values", 1, 1), new ScalarNode(new("values", 1, 1), "Values", false)),
            .. Entries(values).Where(entry => entry.Key is not ("apiVersion" or "kind" or "name" or "")),
        ]);

    private static IReadOnlyList<MappingEntry> Entries(DocumentNode node) => node is MappingNode mapping ? mapping.Entries : [];
}
