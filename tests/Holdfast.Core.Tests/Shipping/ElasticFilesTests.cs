using System.Text;
using System.Text.Json;
using Holdfast.Core.Auditing;
using Holdfast.Core.Shipping;
using Holdfast.Core.Tests.Auditing;
using Holdfast.Core.Tests.House;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>What a user gives their own Elasticsearch and Kibana speaks of the events that we write, and of itself.</summary>
public sealed class ElasticFilesTests
{
    private static readonly string folder = Path.Combine(Repository.Root, "deploy", "elastic");

    [Fact]
    public void Every_member_of_an_event_is_in_the_index_template()
    {
        var events = new EventBuffer();
        EventStream stream = new("node-1", "payments-0", "payments"), journal = new("node-1", EventStream.Journal, null), audit = new("node-1", EventStream.Audit, null);
        var text = new EventTemplate(new(stream, stream.IdsBegin(Guid.Empty), "1.4.0")).Of(DateTimeOffset.UnixEpoch, "stdout"u8);
        EventWriter.Begin(events, text, 1, "a line"u8);
        EventWriter.End(events);
        JsonLine.TryWrite(events, text, 2, """{"time":"2026-11-27T15:00:01Z","level":"info","msg":"a line"}"""u8);
        JsonLine.TryWrite(events, new EventTemplate(new(journal, journal.IdsBegin(Guid.Empty))).Of(DateTimeOffset.UnixEpoch, []), 3,
            """{"at":"2026-11-27T14:00:00Z","instance":"payments-0","service":"payments","kind":"exited","reason":"exit code 3","pid":77}"""u8);
        var details = new Dictionary<string, string> { ["reason"] = "no", ["service"] = "payments", [CallDetails.From] = "10.1.2.3:4000", [CallDetails.Pid] = "7", [CallDetails.Program] = "/bin/a", [CallDetails.Certificate] = "ab" };
        var entry = AuditLine.Format(AuditChain.Next(AuditHead.Origin, Chains.Record(1) with { Details = details }, "node-1", Chains.Start));
        Assert.True(LineForm.Audit.TryWrite(events, new EventTemplate(new(audit, audit.IdsBegin(Guid.Empty))).Of(DateTimeOffset.UnixEpoch, []), 4, entry.AsSpan()[..^1]));

        using var template = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "index-template.json")));
        var known = template.RootElement.GetProperty("template").GetProperty("mappings").GetProperty("properties").EnumerateObject().Select(field => field.Name).ToHashSet();
        var written = Encoding.UTF8.GetString(events.Written.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => JsonDocument.Parse(line).RootElement.EnumerateObject().Select(member => member.Name)).ToHashSet();
        Assert.Superset(written, known);
        Assert.Contains("event.id", written);
    }

    [Fact]
    public void The_dashboard_names_nothing_that_is_not_there()
    {
        var objects = File.ReadAllLines(Path.Combine(folder, "kibana.ndjson")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var there = objects.Select(one => (one.GetProperty("type").GetString(), one.GetProperty("id").GetString())).ToHashSet();
        var named = objects.SelectMany(one => one.GetProperty("references").EnumerateArray()).Select(one => (one.GetProperty("type").GetString(), one.GetProperty("id").GetString())).ToHashSet();
        Assert.Subset(there, named);
        Assert.Contains(("dashboard", "holdfast-services"), there);
        // What stands in an object as text is JSON as well.
        foreach (var attribute in objects.Select(one => one.GetProperty("attributes")).SelectMany(one => one.EnumerateObject()).Where(one => one.Name.EndsWith("JSON", StringComparison.Ordinal) || one.Name == "visState"))
            JsonDocument.Parse(attribute.Value.GetString()!);
    }

    [Fact]
    public void Events_are_kept_as_long_as_is_promised()
    {
        using var policy = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "lifecycle.json")));
        Assert.Equal("180d", policy.RootElement.GetProperty("policy").GetProperty("phases").GetProperty("delete").GetProperty("min_age").GetString());
    }
}
