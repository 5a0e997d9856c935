using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>A line of a service's output.</summary>
internal static class LogText
{
    private const string NoteStream = "holdfast";

    /// <summary>On stdout as the service wrote it. A note of the supervisor's is not the service's output: who pipes that on must not get it.</summary>
    public static void Show(Terminal terminal, LogLine line, bool details) => Show(terminal, line, line.Text, details);

    /// <param name="text">What of the line is shown.</param>
    public static void Show(Terminal terminal, LogLine line, string text, bool details)
    {
        if (line.Stream == NoteStream && !details) terminal.Say($"[holdfast] {text}");
        else terminal.Foreign(details ? $"{Human.Stamp(line.At)} {line.Instance} {(line.Path.Length > 0 ? line.Path : line.Stream),-8} {text}" : text);
    }

    public static JsonNode Document(LogLine line)
    {
        var document = new JsonObject
        {
            ["at"] = Human.Stamp(line.At),
            ["instance"] = line.Instance,
            ["sequence"] = line.Sequence,
            ["stream"] = line.Stream,
            ["text"] = line.Text,
        };
        if (line.Path.Length > 0) document["path"] = line.Path;
        return document;
    }
}
