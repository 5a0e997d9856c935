using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Holdfast.Telemetry.Shipping;
using Holdfast.Telemetry.Sinks.Otlp.Wire;

namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>
/// Events as OpenTelemetry's log records. Who wrote them is the resource; time, level, message and trace have places of their own; all else, <c>event.id</c> first, is an attribute under its
/// name in the Elastic Common Schema.
/// </summary>
internal static class OtlpRequest
{
    private const string Scope = "holdfast";

    public static ExportLogsServiceRequest Of(EventBatch batch, IReadOnlyList<int> asked)
    {
        var request = new ExportLogsServiceRequest();
        var resources = new Dictionary<Writer, ScopeLogs>();
        foreach (var index in asked)
        {
            var (writer, record) = Read(batch.Line(index));
            if (!resources.TryGetValue(writer, out var logs))
            {
                logs = resources[writer] = new() { Scope = new() { Name = Scope } };
                request.ResourceLogs.Add(new ResourceLogs { Resource = writer.ToResource(), ScopeLogs = { logs } });
            }

            logs.LogRecords.Add(record);
        }

        return request;
    }

    private static (Writer Writer, LogRecord Record) Read(ReadOnlyMemory<byte> line)
    {
        var (writer, record) = (default(Writer), new LogRecord());
        var attributes = new Dictionary<string, AnyValue>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(line);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                var name = OtlpValues.Name(member);
                // Attributes have each name once; of two, readers of JSON take the last.
                if (!TakeText(name, member.Value, ref writer, record) && !TakeBody(name, member.Value, record)) attributes[name] = OtlpValues.Of(member.Value);
            }
        }
        catch (JsonException)
        {
            // No event of ours; whatever it is, it is not lost.
            record.Body = new() { StringValue = Encoding.UTF8.GetString(line.Span) };
        }

        if (record.ObservedTimeUnixNano == 0) record.ObservedTimeUnixNano = record.TimeUnixNano;
        record.Attributes.AddRange(attributes.Select(one => new KeyValue { Key = one.Key, Value = one.Value }));
        return (writer, record);
    }

    private static bool TakeBody(string name, JsonElement value, LogRecord record)
    {
        if (name != "message") return false;
        record.Body = OtlpValues.Of(value);
        return true;
    }

    /// <returns>False: it has no place of its own, or not in this form.</returns>
    private static bool TakeText(string name, JsonElement value, ref Writer writer, LogRecord record)
    {
        if (value.ValueKind != JsonValueKind.String) return false;
        switch (name)
        {
            case "@timestamp" when Nanoseconds(value) is { } at:
                record.TimeUnixNano = at;
                return true;
            case "event.created" when Nanoseconds(value) is { } captured:
                record.ObservedTimeUnixNano = captured;
                return true;
            case "log.level":
                record.SeverityText = OtlpValues.Text(value);
                record.SeverityNumber = OtlpSeverity.Number(record.SeverityText);
                return true;
            case "trace.id" when Id(value, 16) is { } trace:
                record.TraceId = trace;
                return true;
            case "span.id" when Id(value, 8) is { } span:
                record.SpanId = span;
                return true;
            case "service.name":
                writer = writer with { Service = OtlpValues.Text(value) };
                return true;
            case "service.version":
                writer = writer with { Version = OtlpValues.Text(value) };
                return true;
            case "service.node.name":
                writer = writer with { Instance = OtlpValues.Text(value) };
                return true;
            case "host.name":
                writer = writer with { Host = OtlpValues.Text(value) };
                return true;
            default:
                return false;
        }
    }

    /// <summary>Since 1970; null: it is no time, or one before.</summary>
    private static ulong? Nanoseconds(JsonElement value) =>
        value.TryGetDateTimeOffset(out var at) && at >= DateTimeOffset.UnixEpoch ? (ulong)(at - DateTimeOffset.UnixEpoch).Ticks * 100 : null;

    /// <summary>Null: it is none of W3C's trace context.</summary>
    private static ByteString? Id(JsonElement value, int length)
    {
        var bytes = new byte[length];
        return Convert.FromHexString(OtlpValues.Text(value), bytes, out var used, out var written) == System.Buffers.OperationStatus.Done && written == length && used == 2 * length
            && bytes.AsSpan().ContainsAnyExcept((byte)0) ? ByteString.CopyFrom(bytes) : null;
    }

    /// <summary>Who wrote an event: null, where that is not known.</summary>
    private readonly record struct Writer(string? Service, string? Version, string? Instance, string? Host)
    {
        /// <summary>The instance has its name in both vocabularies: <c>service.instance.id</c> is OpenTelemetry's.</summary>
        public Resource ToResource()
        {
            var resource = new Resource();
            foreach (var (name, value) in new[] { ("service.name", Service), ("service.version", Version), ("service.instance.id", Instance), ("service.node.name", Instance), ("host.name", Host) })
            {
                if (value is not null) resource.Attributes.Add(new KeyValue { Key = name, Value = new() { StringValue = value } });
            }

            return resource;
        }
    }
}
