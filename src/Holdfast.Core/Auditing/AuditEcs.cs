using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Holdfast.Core.Auditing;

/// <summary>An entry as a document of the Elastic Common Schema 9: for systems that read ECS. It proves nothing: the export in its own form does.</summary>
public static class AuditEcs
{
    private const string Version = "9.0.0";

    /// <summary>One line of JSON with a newline at its end.</summary>
    public static byte[] Line(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("@timestamp", AuditLine.Stamp(entry.At));
            json.WriteString("message", $"{entry.Actor}: {entry.Action} {entry.Target}: {AuditOutcomes.Word(entry.Outcome)}");
            Group(json, "ecs", ("version", Version));
            json.WriteStartObject("event");
            json.WriteString("kind", "event");
            Words(json, "category", [Category(entry.Action)]);
            Words(json, "type", [entry.Outcome == AuditOutcome.Refused ? "denied" : Kind(entry.Action)]);
            json.WriteString("module", "holdfast");
            json.WriteString("dataset", "holdfast.audit");
            json.WriteString("action", entry.Action);
            json.WriteString("outcome", Outcome(entry.Outcome));
            json.WriteNumber("sequence", entry.Sequence);
            json.WriteString("id", $"{entry.Node}/{entry.Sequence}");
            json.WriteString("hash", entry.Hash);
            if (entry.Details.TryGetValue("reason", out var reason))
                json.WriteString("reason", reason);
            json.WriteEndObject();
            Group(json, "host", ("name", entry.Node));
            Group(json, "user", ("name", entry.Actor));
            Origin(json, entry.Details);
            if (entry.Details.TryGetValue("service", out var service))
                Group(json, "service", ("name", service));
            json.WriteStartObject("holdfast");
            json.WriteStartObject("audit");
            json.WriteString("target", entry.Target);
            json.WriteString("outcome", AuditOutcomes.Word(entry.Outcome));
            json.WriteString("operation", entry.Operation);
            json.WriteString("previous_hash", entry.PreviousHash);
            // Names of details are anybody's; as keys each would be a field of the index.
            json.WriteStartArray("details");
            foreach (var (name, value) in entry.Details.OrderBy(detail => detail.Key, StringComparer.Ordinal))
                json.WriteStringValue($"{name}={value}");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>From where the call came.</summary>
    private static void Origin(Utf8JsonWriter json, IReadOnlyDictionary<string, string> details)
    {
        if (details.TryGetValue(CallDetails.From, out var from) && from is not (CallDetails.LocalSocket or CallDetails.LocalPipe))
            Group(json, "source", ("address", from));
        else if (details.TryGetValue("address", out var address))
            Group(json, "source", ("address", address));
        if (details.TryGetValue(CallDetails.Pid, out var pid) && long.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteStartObject("process");
            json.WriteNumber("pid", number);
            if (details.TryGetValue(CallDetails.Program, out var program))
                json.WriteString("executable", program);
            json.WriteEndObject();
        }

        if (!details.TryGetValue(CallDetails.Certificate, out var certificate))
            return;
        json.WriteStartObject("tls");
        json.WriteStartObject("client");
        // ECS wants the digits of a certificate's hash in upper case.
        Group(json, "hash", ("sha256", certificate.ToUpperInvariant()));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>What came of it: <c>unknown</c> while it is only intended.</summary>
    private static string Outcome(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Done => "success",
        AuditOutcome.Refused or AuditOutcome.Failed => "failure",
        _ => "unknown",
    };

    private static string Category(string action) => action.Split('.')[0] switch
    {
        "audit" => "host",
        "attach" => "session",
        "start" or "stop" or "restart" or "reload" or "signal" => "process",
        "cluster" or "certs" => "iam",
        "api" => "api",
        _ => "configuration",
    };

    private static string Kind(string action) => action switch
    {
        "attach" or AuditAction.Exported => "access",
        "start" or AuditAction.Opened => "start",
        "stop" or AuditAction.Closed => "end",
        "remove" or AuditAction.Retired => "deletion",
        _ => "change",
    };

    private static void Group(Utf8JsonWriter json, string name, (string Key, string Value) member)
    {
        json.WriteStartObject(name);
        json.WriteString(member.Key, member.Value);
        json.WriteEndObject();
    }

    private static void Words(Utf8JsonWriter json, string name, ReadOnlySpan<string> words)
    {
        json.WriteStartArray(name);
        foreach (var word in words)
            json.WriteStringValue(word);
        json.WriteEndArray();
    }
}
