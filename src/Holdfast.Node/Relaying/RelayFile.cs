using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Node.Shipping;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Trust;

namespace Holdfast.Node.Relaying;

/// <summary>What a relay is to do: one source, one sink, as <c>kind: Relay</c> says it.</summary>
public static class RelayFile
{
    private static readonly string[] keys = ["apiVersion", "kind", "name", "from", "to"];

    /// <summary>Problems: <c>policy.*</c>, <c>relay.*</c> and <c>sinks.*</c>, all at once; and what the disk says.</summary>
    public static Outcome<RelayDefinition> Read(string file, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        try
        {
            return Parse(File.ReadAllText(file), file, time);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {file}");
        }
    }

    /// <summary>The same of a text.</summary>
    /// <param name="text">Of the file.</param>
    /// <param name="file">Its name, for problems.</param>
    /// <param name="time">For source and sink.</param>
    public static Outcome<RelayDefinition> Parse(string text, string file, TimeProvider time) => YamlDocument.Read(text, file).Then(document => Read(document, time));

    private static Outcome<RelayDefinition> Read(DocumentNode document, TimeProvider time)
    {
        PolicyDocument read = new();
        if (read.Mapping(document, "the file", keys) is not { } root) return read.Problems;
        foreach (var (key, value) in new[] { ("apiVersion", "holdfast/v1"), ("kind", "Relay") })
        {
            if (read.Required(root, key, "the file") is { } given && given != value) read.Note(root.Find(key)!.Value.Place, "policy.kind", $"{key} is '{given}'; '{value}' is expected");
        }

        var name = read.Required(root, "name", "the file");
        if (name is not null && !SinksFile.IsName(name)) read.Note(root.Find("name")!.Value.Place, "relay.name", $"'{name}' is no name of a relay", null, $"1 to {SinksFile.LongestName} lower-case letters, digits and hyphens; it begins with a letter");
        var source = One(read, root, "from", SourceKinds.All, kind => kind.Word);
        var sink = One(read, root, "to", SinkKinds.All, kind => kind.Word);
        var openSource = source is { } from ? from.Kind.Read(read, from.Node, time) : null;
        var openSink = sink is { } to ? to.Kind.Read(read, to.Node, time) : null;
        return read.Problems.Count > 0 || name is null || openSource is null || openSink is null
            ? read.Problems.OrderBy(p => p.Where?.Line).ThenBy(p => p.Where?.Column).ToArray()
            : new RelayDefinition(name, source!.Value.Kind.Word, sink!.Value.Kind.Word, openSource, openSink);
    }

    private static (T Kind, DocumentNode Node)? One<T>(PolicyDocument read, MappingNode root, string key, IReadOnlyList<T> kinds, Func<T, string> word)
    {
        if (root.Find(key) is not { } entry)
        {
            read.Note(root.Place, "policy.missing-key", $"the file has no '{key}'");
            return null;
        }

        var words = string.Join(", ", kinds.Select(word));
        if (read.Mapping(entry.Value, key, [.. kinds.Select(word)]) is not { } mapping) return null;
        var found = kinds.Where(kind => mapping.Find(word(kind)) is not null).ToList();
        if (found.Count == 1) return (found[0], mapping.Find(word(found[0]))!.Value);
        read.Note(entry.KeyPlace, "relay.kind", found.Count == 0 ? $"{key} has no kind" : $"{key} has the kinds {string.Join(", ", found.Select(word))}", null, $"give it exactly one of {words}");
        return null;
    }
}
