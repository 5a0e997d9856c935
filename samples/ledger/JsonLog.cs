using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger;

internal enum LogLevel
{
    Debug,
    Info,
    Warn,
    Error,
}

/// <summary>A JSON object per line, each with one write: lines of concurrent requests never mix.</summary>
internal sealed class JsonLog(Stream output, LogLevel least)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock gate = new();

    public void Debug(string message, params (string Name, object? Value)[] fields) => Write(LogLevel.Debug, message, fields);

    public void Info(string message, params (string Name, object? Value)[] fields) => Write(LogLevel.Info, message, fields);

    public void Warn(string message, params (string Name, object? Value)[] fields) => Write(LogLevel.Warn, message, fields);

    public void Error(string message, params (string Name, object? Value)[] fields) => Write(LogLevel.Error, message, fields);

    private void Write(LogLevel level, string message, (string Name, object? Value)[] fields)
    {
        if (level < least)
            return;
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Plain))
        {
            json.WriteStartObject();
            json.WriteString("time", DateTimeOffset.UtcNow);
            json.WriteString("level", level.ToString().ToLowerInvariant());
            json.WriteString("msg", message);
            foreach (var (name, value) in fields)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
        }

        line.Write("\n"u8);
        lock (gate)
        {
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }
}
