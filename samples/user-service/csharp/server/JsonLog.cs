using System.Text.Json;
using System.Text.Json.Nodes;

namespace UserServer;

/// <summary>A JSON object per line on stdout, where Holdfast captures it.</summary>
internal static class JsonLog
{
    private static readonly Lock gate = new();

    public static void Info(string message, params (string Name, JsonNode? Value)[] fields) => Write("info", message, fields);

    public static void Warn(string message, params (string Name, JsonNode? Value)[] fields) => Write("warn", message, fields);

    public static void Error(string message, params (string Name, JsonNode? Value)[] fields) => Write("error", message, fields);

    private static void Write(string level, string message, (string Name, JsonNode? Value)[] fields)
    {
        // The wall clock's time: when it was, for who reads the log beside others. Nothing is measured by it.
        var line = new JsonObject { ["time"] = DateTime.UtcNow.ToString("o"), ["level"] = level, ["msg"] = message };
        foreach (var (name, value) in fields) line[name] = value;
        lock (gate) Console.Out.WriteLine(line.ToJsonString(JsonSerializerOptions.Default));
    }
}
