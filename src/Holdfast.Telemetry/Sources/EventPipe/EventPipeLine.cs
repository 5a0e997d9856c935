using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Diagnostics.Tracing;

namespace Holdfast.Telemetry.Sources.EventPipe;

/// <summary>
/// An event of an EventSource as a line of JSON: its time, level and message, and under <c>dotnet.</c> its source, name, number and what it carries. The message is the event's
/// name with what it carries: the text that a source gives an event stays in its process.
/// </summary>
internal sealed class EventPipeLine : IDisposable
{
    private static readonly JsonWriterOptions options = new() { SkipValidation = true };

    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter writer;

    public EventPipeLine() => writer = new(buffer, options);

    /// <summary>Newline included; valid until the next.</summary>
    public ReadOnlyMemory<byte> Of(TraceEvent data)
    {
        buffer.Clear();
        writer.Reset(buffer);
        writer.WriteStartObject();
        writer.WriteString("@timestamp"u8, data.TimeStamp.ToUniversalTime());
        writer.WriteString("log.level"u8, Level((int)data.Level));
        writer.WriteString("message"u8, Message(data));
        writer.WriteString("dotnet.provider"u8, data.ProviderName);
        writer.WriteString("dotnet.event"u8, data.EventName);
        writer.WriteNumber("dotnet.id"u8, (int)data.ID);
        writer.WriteNumber("process.thread.id"u8, data.ThreadID);
        if (data.PayloadNames is { Length: > 0 } names)
        {
            writer.WriteStartObject("dotnet.payload"u8);
            for (var i = 0; i < names.Length; i++) Write(names[i], data.PayloadValue(i));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    public void Dispose() => writer.Dispose();

    private void Write(string name, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull(name);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumber(name, number);
                break;
            case float number when float.IsFinite(number):
                writer.WriteNumber(name, number);
                break;
            case byte or sbyte or short or ushort or int or uint or long:
                writer.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case DateTime at:
                writer.WriteString(name, at.ToUniversalTime());
                break;
            default:
                writer.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Message(TraceEvent data) =>
        string.Join(' ', data.PayloadNames.Select((name, i) => $"{name}={Convert.ToString(data.PayloadValue(i), CultureInfo.InvariantCulture)}").Prepend(data.EventName));

    private static string Level(int level) => level switch { 1 => "critical", 2 => "error", 3 => "warning", 5 => "verbose", _ => "informational" };
}
