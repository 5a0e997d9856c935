using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>Whose line it is.</summary>
public enum LineOwner
{
    Service,
    Journal,
    Relayed,
}

/// <summary>
/// What becomes of the members of a line, told by the framework's reader of JSON and by the tables of docs/logs.md, token by token: slow, and plain enough to be believed. Ours must have the same
/// bytes for every line there is.
/// </summary>
internal static class JsonLineOracle
{
    private const int DeepestNesting = 32;

    private static readonly string[] times = ["@timestamp", "time", "timestamp", "ts"];

    private static readonly string[] levels = ["log.level", "level", "severity", "lvl"];

    private static readonly string[] messages = ["message", "msg"];

    private static readonly string[] taken = ["@timestamp", "message", "log.level"];

    private static readonly string[] ours = ["ecs", "host", "event", "labels", "service", "labels.stream", "log.file.path"];

    private static readonly string[] below = ["event.", "service.", "host.", "ecs."];

    private static readonly Dictionary<string, string> schema = new(StringComparer.Ordinal)
    {
        ["kind"] = "event.action",
        ["reason"] = "message",
        ["service"] = "service.name",
        ["instance"] = "service.node.name",
        ["pid"] = "process.pid",
    };

    /// <summary>The members of the event, a comma behind each, and the time that the line says; null: it is no JSON object.</summary>
    public static (string Members, DateTimeOffset? At)? Read(LineOwner owner, ReadOnlySpan<byte> line)
    {
        var members = new StringBuilder();
        DateTimeOffset? at = null;
        var (hasLevel, hasMessage) = (false, false);
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DeepestNesting });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Encoding.UTF8.GetString(reader.ValueSpan);
                reader.Read();
                var begin = (int)reader.TokenStartIndex;
                var isText = reader.TokenType == JsonTokenType.String;
                var isTime = times.Contains(name) || (owner == LineOwner.Journal && name == "at");
                if (at is null && isTime && Time(ref reader) is { } said)
                {
                    at = said;
                    continue;
                }

                reader.Skip();
                var value = Encoding.UTF8.GetString(line[begin..(int)reader.BytesConsumed]);
                if (owner == LineOwner.Journal && schema.TryGetValue(name, out var known))
                {
                    name = known;
                }
                else if (isText && !hasLevel && levels.Contains(name))
                {
                    (name, hasLevel) = ("log.level", true);
                }
                else if (isText && !hasMessage && messages.Contains(name))
                {
                    (name, hasMessage) = ("message", true);
                }
                else if (owner == LineOwner.Relayed ? IsRelays(name) : taken.Contains(name) || ours.Contains(name) || below.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
                {
                    name = "line." + name;
                }

                members.Append(System.Globalization.CultureInfo.InvariantCulture, $"\"{name}\":{value},");
            }

            return reader.Read() ? null : (members.ToString(), at);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The id of an event that is copied as it is; empty: it is none.</summary>
    public static string EventId(ReadOnlySpan<byte> line)
    {
        var (id, hasTime, hasVersion) = ("", false, false);
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 64 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Encoding.UTF8.GetString(reader.ValueSpan);
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    var text = Encoding.UTF8.GetString(reader.ValueSpan);
                    if (name == "event.id" && text.Length is > 0 and <= 512 && text.All(c => c is >= '!' and <= '~' and not ('"' or '\\'))) id = text;
                    hasTime |= name == "@timestamp" && Time(ref reader) is not null;
                    hasVersion |= name == "ecs.version";
                }

                reader.Skip();
            }

            return hasTime && hasVersion && !reader.Read() ? id : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static bool IsRelays(string name) => taken.Contains(name) || name.Split('.')[0] is "event" or "ecs" or "kafka" or "line";

    private static DateTimeOffset? Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number) return Since1970(reader.ValueSpan);
        try
        {
            return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var at) ? at : null;
        }
        catch (InvalidOperationException)
        {
            // Escapes of half a character.
            return null;
        }
    }

    private static DateTimeOffset? Since1970(ReadOnlySpan<byte> number)
    {
        if (!char.IsAsciiDigit((char)number[0]) || !Utf8Parser.TryParse(number, out decimal value, out var read) || read != number.Length) return null;
        for (var unit = 1L; unit <= 1_000_000_000; unit *= 1000)
        {
            if (value / unit is >= 1_000_000_000 and < 10_000_000_000 and var seconds) return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }

        return null;
    }
}
