using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Shipping;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Shipping;

/// <summary>
/// The file <c>policy/sinks.yaml</c> of a node's home: where events are delivered. Where there is none, they stay in their segments. What it names is written and called as the agent's account,
/// so it is believed only where nobody but that account and administrators can write it.
/// </summary>
internal static class SinksFile
{
    public const int LongestName = 32;

    public static string Of(Home home) => Path.Combine(home.Policy, "sinks.yaml");

    /// <summary>The text of the file; empty: there is none. Problems: <c>sinks.file-open</c>, and what the disk says.</summary>
    public static Outcome<string> Text(Home home)
    {
        var file = Of(home);
        try
        {
            if (!File.Exists(file)) return "";
            return FileFactsReader.ReadEntry(file) is { WritableByOthers: false } && FileFactsReader.OpenFolderAbove(file) is null ? File.ReadAllText(file) : Open(file);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {file}");
        }
    }

    /// <summary>Problems: <c>policy.*</c> and <c>sinks.*</c>; all at once.</summary>
    /// <param name="text">Of the file.</param>
    /// <param name="file">Its name, for problems.</param>
    /// <param name="time">For the sinks.</param>
    public static Outcome<IReadOnlyList<SinkDefinition>> Parse(string text, string file, TimeProvider time) =>
        text.Length == 0 ? Outcome.Of<IReadOnlyList<SinkDefinition>>([]) : YamlDocument.Read(text, file).Then(document => Read(document, time));

    private static Outcome<IReadOnlyList<SinkDefinition>> Read(DocumentNode document, TimeProvider time)
    {
        PolicyDocument read = new();
        if (read.Mapping(document, "the file", "apiVersion", "kind", "sinks") is not { } root) return read.Problems;
        foreach (var (key, value) in new[] { ("apiVersion", "holdfast/v1"), ("kind", "Sinks") })
        {
            if (read.Required(root, key, "the file") is { } given && given != value) read.Note(root.Find(key)!.Value.Place, "policy.kind", $"{key} is '{given}'; '{value}' is expected");
        }

        List<SinkDefinition> sinks = [];
        foreach (var item in read.Items(root, "sinks"))
        {
            if (Sink(read, item, time) is not { } sink) continue;
            if (sinks.Exists(one => one.Name == sink.Name)) read.Note(item.Place, "policy.twice", $"the sink {sink.Name} is named twice", "its cursors have its name", "give one of them another name");
            sinks.Add(sink);
        }

        return read.Problems.Count > 0 ? read.Problems.OrderBy(p => p.Where?.Line).ThenBy(p => p.Where?.Column).ToArray() : sinks;
    }

    private static SinkDefinition? Sink(PolicyDocument read, DocumentNode item, TimeProvider time)
    {
        if (read.Mapping(item, "a sink", ["name", "services", "streams", "from", .. SinkKinds.All.Select(kind => kind.Word)]) is not { } mapping) return null;
        var name = read.Required(mapping, "name", "a sink");
        if (name is not null && !IsName(name)) read.Note(mapping.Find("name")!.Value.Place, "sinks.name", $"'{name}' is no name of a sink", null, $"1 to {LongestName} lower-case letters, digits and hyphens; it begins with a letter");
        var services = read.Items(mapping, "services").Select(service => read.Text(service, "a service")).OfType<string>().ToList();
        var streams = read.Items(mapping, "streams").Select(stream => Stream(read, stream)).OfType<string>().ToList();
        // Who names some of the node's own streams wants these; who names services wants no others.
        if (services.Count == 0 && streams.Count == 0) services.Add("*");
        if (mapping.Find("streams") is null && services.Contains("*")) streams.AddRange(EventStream.OfNode);
        var from = read.Text(mapping, "from") ?? "oldest";
        if (from is not ("oldest" or "now")) read.Note(mapping.Find("from")!.Value.Place, "sinks.from", $"from is '{from}'; 'oldest' or 'now' is expected");
        var kinds = SinkKinds.All.Where(kind => mapping.Find(kind.Word) is not null).ToList();
        if (kinds.Count != 1)
        {
            read.Note(mapping.Place, "sinks.kind", kinds.Count == 0 ? "a sink has no kind" : $"a sink has the kinds {string.Join(", ", kinds.Select(kind => kind.Word))}", null, $"give it exactly one of {string.Join(", ", SinkKinds.All.Select(kind => kind.Word))}");
            return null;
        }

        var problems = read.Problems.Count;
        var open = kinds[0].Read(read, mapping.Find(kinds[0].Word)!.Value, time);
        return name is null || open is null || read.Problems.Count > problems ? null : new(name, kinds[0].Word, Described(item), services, streams, from == "now", open);
    }

    private static string? Stream(PolicyDocument read, DocumentNode item)
    {
        if (read.Text(item, "a stream") is not { } name) return null;
        if (EventStream.OfNode.Contains(name)) return name;
        read.Note(item.Place, "sinks.stream", $"'{name}' is no stream of the node's own", "those of services are named by services", $"one of {string.Join(", ", EventStream.OfNode)}");
        return null;
    }

    private static Problem Open(string file) => new(ProblemKind.Refused, "sinks.file-open", $"{file} can be written by others than the agent's account and administrators, or is a link.")
    {
        Why = "what it names is written and called as the agent's account",
        Mend = OperatingSystem.IsWindows() ? $"icacls {file} /reset, and let only administrators write it" : $"chown root {file} && chmod go-w {file}",
    };

    internal static bool IsName(string name) => name.Length is > 0 and <= LongestName && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Two that are described alike are the same: the words, and not where they stand.</summary>
    private static string Described(DocumentNode node) => node switch
    {
        MappingNode mapping => $"{{{string.Join(",", mapping.Entries.Select(entry => $"{entry.Key}:{Described(entry.Value)}"))}}}",
        SequenceNode sequence => $"[{string.Join(",", sequence.Items.Select(Described))}]",
        ScalarNode scalar => $"'{scalar.Text}'",
        _ => "",
    };
}
