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
            EcsField.WriteNested(json,
            [
                new("@timestamp", AuditLine.Stamp(entry.At)),
                new("ecs.version", Version),
                new("host.name", entry.Node),
                new("event.kind", "event"),
                new("event.dataset", "holdfast.audit"),
                new("event.id", $"{entry.Node}/{entry.Sequence}"),
                new("event.sequence", Number: entry.Sequence),
                .. Fields(entry),
            ]);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What an entry says, but for its time, its node and its number. Those of <c>event</c> come first.</summary>
    internal static IEnumerable<EcsField> Fields(AuditEntry entry)
    {
        var business = BusinessRecord.Is(entry);
        // What a service's business is, no category of ECS says.
        if (!business)
            yield return new("event.category", Words: [Category(entry.Action)]);
        yield return new("event.type", Words: [entry.Outcome == AuditOutcome.Refused ? "denied" : business ? "info" : Kind(entry.Action)]);
        yield return new("event.module", "holdfast");
        yield return new("event.action", entry.Action);
        yield return new("event.outcome", Outcome(entry.Outcome));
        yield return new("event.hash", entry.Hash);
        if (entry.Details.TryGetValue("reason", out var reason) || (!business && entry.Details.TryGetValue("why", out reason)))
            yield return new("event.reason", reason);
        yield return new("message", $"{entry.Actor}: {entry.Action} {entry.Target}: {AuditOutcomes.Word(entry.Outcome)}");
        yield return new("user.name", entry.Actor);
        foreach (var field in Origin(entry.Details, business))
            yield return field;
        if (entry.Details.TryGetValue("service", out var service))
            yield return new("service.name", service);
        yield return new("holdfast.audit.target", entry.Target);
        yield return new("holdfast.audit.outcome", AuditOutcomes.Word(entry.Outcome));
        yield return new("holdfast.audit.operation", entry.Operation);
        yield return new("holdfast.audit.previous_hash", entry.PreviousHash);
        // Names of details are anybody's; as keys each would be a field of the index.
        yield return new("holdfast.audit.details", Words: [.. entry.Details.OrderBy(detail => detail.Key, StringComparer.Ordinal).Select(detail => $"{detail.Key}={detail.Value}")]);
    }

    /// <summary>From where the call came.</summary>
    /// <param name="business">Whether the details that are not the house's are a service's: an address among them is anybody's.</param>
    private static IEnumerable<EcsField> Origin(IReadOnlyDictionary<string, string> details, bool business)
    {
        if (details.TryGetValue(CallDetails.From, out var from) && from is not (CallDetails.LocalSocket or CallDetails.LocalPipe))
            yield return new("source.address", from);
        else if (!business && details.TryGetValue("address", out var address))
            yield return new("source.address", address);
        if (details.TryGetValue(CallDetails.Pid, out var pid) && long.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            yield return new("process.pid", Number: number);
            if (details.TryGetValue(CallDetails.Program, out var program))
                yield return new("process.executable", program);
        }

        // ECS wants the digits of a certificate's hash in upper case.
        if (details.TryGetValue(CallDetails.Certificate, out var certificate))
            yield return new("tls.client.hash.sha256", certificate.ToUpperInvariant());
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
}
