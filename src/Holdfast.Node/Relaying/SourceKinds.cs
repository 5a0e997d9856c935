using Holdfast.Core.Documents;
using Holdfast.Core.Shipping;
using Holdfast.Core.Supervision;
using Holdfast.Node.Storing;
using Holdfast.Packaging.Trust;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;
using Holdfast.Telemetry.Sources;
using Holdfast.Telemetry.Sources.Kafka;
using Holdfast.Telemetry.Sources.Segments;
using Holdfast.Telemetry.Sources.StandardInput;
using static Holdfast.Node.Shipping.KindValues;

namespace Holdfast.Node.Relaying;

/// <summary>A kind of source: its word in the file, and how what stands under it is read.</summary>
/// <param name="Read">Notes every problem; null: there is at least one.</param>
internal sealed record SourceKind(string Word, Func<PolicyDocument, DocumentNode, TimeProvider, Func<SinkPlace, IEventSource>?> Read);

/// <summary>All kinds of sources: one is a folder in the telemetry and a line here.</summary>
internal static class SourceKinds
{
    public static IReadOnlyList<SourceKind> All { get; } = [new("kafka", Kafka), new("segments", Segments), new("stdin", StandardInput)];

    private static Func<SinkPlace, IEventSource>? Kafka(PolicyDocument read, DocumentNode node, TimeProvider time)
    {
        if (read.Mapping(node, "kafka", "brokers", "topics", "group", "from", "cluster", "tls", "ca", "mechanism", "user", "passwordFile") is not { } mapping) return null;
        var access = Shipping.KindValues.Kafka(read, mapping);
        var topics = read.Items(mapping, "topics").Select(topic => read.Text(topic, "a topic")).OfType<string>().ToList();
        if (topics.Count == 0) read.Note(mapping.Place, "policy.missing-key", "kafka has no 'topics'");
        var group = read.Required(mapping, "group", "kafka");
        var cluster = read.Text(mapping, "cluster") ?? "kafka";
        if (!EventIds.IsValid(System.Text.Encoding.UTF8.GetBytes(cluster)) || cluster.Length > 64) read.Note(mapping.Find("cluster")!.Value.Place, "relay.cluster", $"cluster is '{cluster}', and ids of events begin with it", null, "1 to 64 letters, digits, hyphens and dots");
        var isFromNow = FromNow(read, mapping);
        return group is null ? null : _ => new KafkaSource(new(access, topics, group) { Cluster = cluster, FromNow = isFromNow }, time);
    }

    private static Func<SinkPlace, IEventSource>? Segments(PolicyDocument read, DocumentNode node, TimeProvider time)
    {
        if (read.Mapping(node, "segments", "folder", "node", "from", "keys") is not { } mapping) return null;
        var folder = read.Required(mapping, "folder", "segments");
        if (folder is not null && !Path.IsPathFullyQualified(folder)) read.Note(mapping.Find("folder")!.Value.Place, "sinks.path", $"'{folder}' is not absolute", null, "begin it with the root");
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder ?? "output"));
        if (!InstanceNames.IsValid(name)) read.Note(mapping.Find("folder")!.Value.Place, "relay.folder", $"'{name}' is no name of a stream", "a stream is called as its folder is", "name the folder of one stream, as HOME/output/payments-0");
        // An instance is its service and a number; all else is the node's own.
        var service = name.LastIndexOf('-') is > 0 and var dash && int.TryParse(name[(dash + 1)..], out _) ? name[..dash] : null;
        var stream = new EventStream(read.Text(mapping, "node") ?? Environment.MachineName, name, service);
        var isFromNow = FromNow(read, mapping);
        var keys = new SegmentKeys();
        if (read.Text(mapping, "keys") is { } file)
        {
            var known = SegmentKeyFile.Read(file);
            if (!known.IsOk) read.Note(mapping.Find("keys")!.Value.Place, "relay.keys", known.Problems[0].What, null, known.Problems[0].Mend);
            else if (known.Value.Count == 0) read.Note(mapping.Find("keys")!.Value.Place, "relay.keys", $"there is no {file}", null, "name keys/segments.key of the home, or a copy of it");
            else keys.Replace(known.Value);
        }

        return folder is null ? null : place => SegmentSource.Open(new(stream, folder) { Keys = keys, Form = service is null ? LineForm.OfNode(name) : LineForm.Json }, place, isFromNow, time);
    }

    private static Func<SinkPlace, IEventSource>? StandardInput(PolicyDocument read, DocumentNode node, TimeProvider time) =>
        read.Mapping(node, "stdin") is null ? null : _ => new StandardInputSource(Console.OpenStandardInput(), time);

    private static bool FromNow(PolicyDocument read, MappingNode mapping) => Word(read, mapping, "from", "oldest", "now") == "now";
}
