using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Node.Api;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>What became of every line, and what receivers refused, for machines and people.</summary>
internal static class LedgerText
{
    public static JsonNode Document(LedgerResponse ledger) => new JsonObject
    {
        ["sinks"] = new JsonArray([.. ledger.Sinks.Select(sink => (JsonNode)new JsonObject
        {
            ["name"] = sink.Name,
            ["kind"] = sink.Kind,
            ["trouble"] = sink.Trouble.Length > 0 ? sink.Trouble : null,
            ["since"] = sink.TroubleSince is { } since ? Human.Stamp(since) : null,
            ["deliveredEvents"] = sink.DeliveredEvents,
            ["failures"] = sink.Failures,
            ["streams"] = new JsonArray([.. sink.Streams.Select(stream => (JsonNode)new JsonObject
            {
                ["stream"] = stream.Stream,
                ["service"] = stream.Service.Length > 0 ? stream.Service : null,
                ["produced"] = stream.Produced,
                ["delivered"] = stream.Delivered,
                ["queued"] = stream.Queued,
                ["dead"] = stream.Dead,
                ["lost"] = stream.Lost,
            })]),
        })]),
        ["problems"] = ProblemDocument.Of(ledger.Problems.Select(ProblemTranslation.FromWire)),
    };

    public static JsonNode Document(DeadLetter letter) => new JsonObject
    {
        ["number"] = letter.Sequence,
        ["at"] = Human.Stamp(letter.At),
        ["reason"] = letter.Reason,
        ["event"] = Event(letter.Event),
    };

    public static string Text(DeadLetter letter)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in new[] { ("number", $"{letter.Sequence}"), ("at", Human.Time(letter.At)), ("reason", letter.Reason) }) text.Append($"{name}: ".PadRight(8)).Append(Printable.Text(value).ReplaceLineEndings(" ")).Append('\n');
        // Lines that are gone have no event.
        if (letter.Event.Length > 0) text.Append('\n').Append(Printable.Text(Event(letter.Event) is { } document and not JsonValue ? DocumentText.PrettyJson(document) : letter.Event)).Append('\n');
        return text.ToString();
    }

    public static string Text(LedgerResponse ledger)
    {
        var text = new StringBuilder();
        foreach (var problem in ledger.Problems) text.Append(ProblemTranslation.FromWire(problem)).Append('\n');
        if (ledger.Sinks.Count == 0) return text.Append("no sinks: events stay in their segments; policy/sinks.yaml of the node's home says where they go\n").ToString();
        var table = new Table("SINK", "STREAM", "PRODUCED", "DELIVERED", "QUEUED", "DEAD", "LOST");
        foreach (var sink in ledger.Sinks)
        {
            foreach (var one in sink.Streams) table.Add(sink.Name, one.Stream, $"{one.Produced}", $"{one.Delivered}", $"{one.Queued}", $"{one.Dead}", $"{one.Lost}");
            if (sink.Streams.Count == 0) table.Add(sink.Name, "", "", "", "", "", "");
        }

        text.Append(table);
        foreach (var sink in ledger.Sinks.Where(one => one.Trouble.Length > 0)) text.Append($"{sink.Name}: since {Human.Stamp(sink.TroubleSince)}: {sink.Trouble}\n");
        return text.ToString();
    }

    private static JsonNode? Event(string text)
    {
        try
        {
            return text.Length > 0 ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            // It was kept as it is.
            return text;
        }
    }
}
