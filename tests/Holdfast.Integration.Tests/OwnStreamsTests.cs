using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Core.Auditing;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Telemetry.Auditing;
using Holdfast.Telemetry.Tests.Sinks;

namespace Holdfast.Integration.Tests;

/// <summary>What the node itself has to say reaches sinks as what services write does: the record of changes, and the agent's own log.</summary>
public sealed class OwnStreamsTests
{
    [Fact]
    public async Task Law06_and_07_each_entry_of_the_audit_log_is_a_document_once_although_the_agent_is_killed_and_what_was_delivered_can_be_verified()
    {
        using var elastic = new ElasticsearchDouble();
        await using var node = await TestNode.StartAsync();
        var lines = Path.Combine(node.Root, "lines.jsonl");
        await WriteSinksAsync(node, $$"""
              - name: record
                streams: [audit]
                elasticsearch: {urls: ["{{elastic.Url}}"], target: logs-holdfast-audit}
              - name: lines
                services: ["*"]
                streams: [journal]
                file: {path: {{lines}}}
            """);
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write(ServiceFolder.Steady).DeployAsync()).Ok();
        for (var kill = 0; kill < 3; kill++)
        {
            (await node.HoldfastAsync("restart", "orders")).Ok();
            await node.KillAgentAsync();
            await node.StartAgentAsync();
        }

        (await node.HoldfastAsync("stop", "orders")).Ok();
        var written = Entries(node).Count;
        var ledger = await Eventually.SeeAsync("that all is delivered", () => LedgerAsync(node, "record"), seen => seen.Count == 1 && seen["audit"] is { Queued: 0 } audit && audit.Delivered >= written);
        Assert.Equal((0L, 0L, ledger["audit"].Produced), (ledger["audit"].Dead, ledger["audit"].Lost, ledger["audit"].Delivered));
        Assert.Equal(["journal", "orders-0"], (await LedgerAsync(node, "lines")).Keys.Order(StringComparer.Ordinal));
        await node.StopAgentAsync();

        var documents = elastic.Documents.Values.OrderBy(document => (long)document["event.sequence"]!).ToList();
        var entries = Entries(node).Take(documents.Count).ToList();
        Assert.True(documents.Count >= written);
        Assert.Equal(entries.Select(entry => entry.Sequence), documents.Select(document => (long)document["event.sequence"]!));
        Assert.Equal(entries.Select(entry => entry.Hash), documents.Select(document => (string)document["event.hash"]!));
        Assert.All(elastic.Documents, document => Assert.Equal(document.Key, (string)document.Value["event.id"]!));

        // Who has nothing but the documents checks the chain.
        var check = new AuditCheck([], AuditHead.Origin);
        foreach (var document in documents) check.Add(Encoding.UTF8.GetBytes((string)document["event.original"]! + "\n"), (string)document["event.id"]!);
        var verdict = check.Finish();
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));

        var deploy = documents.First(document => (string)document["event.action"]! == "deploy");
        Assert.Equal(entries.First(entry => entry.Action == "deploy").At, (DateTimeOffset)deploy["@timestamp"]!);
        Assert.Equal(("unknown", "orders", "holdfast.audit"), ((string)deploy["event.outcome"]!, (string)deploy["holdfast.audit.target"]!, (string)deploy["event.dataset"]!));
        Assert.Equal((entries[0].Node, entries.First(entry => entry.Action == "deploy").Actor), ((string)deploy["host.name"]!, (string)deploy["user.name"]!));
        Assert.EndsWith(": deploy orders: intended", (string)deploy["message"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("line.", string.Join(' ', ((JsonObject)deploy).Select(member => member.Key)), StringComparison.Ordinal);
        Assert.Contains(documents, document => (string)document["event.action"]! == "stop" && (string)document["event.outcome"]! == "success");
        Assert.DoesNotContain("holdfast.audit", await File.ReadAllTextAsync(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_agent_says_reaches_a_sink_with_its_level_and_its_number()
    {
        await using var node = await TestNode.StartAsync();
        await node.KillAgentAsync();
        await node.StartAgentAsync();
        var events = Path.Combine(node.Root, "events.jsonl");
        await WriteSinksAsync(node, $"  - {{name: own, streams: [agent], file: {{path: {events}}}}}");
        // Those from before there was a sink as well: of both agents.
        await Eventually.SeeAsync("both agents", () => File.Exists(events) && Said(events).Count(IsReady) == 2);
        var ready = Said(events).First(IsReady);
        Assert.Equal(
            ("info", "Holdfast.Node.Hosting.Agent", "holdfast.agent"),
            ((string)ready["log.level"]!, (string)ready["log.logger"]!, (string)ready["event.dataset"]!));
        Assert.Contains(" is ready; home ", (string)ready["message"]!, StringComparison.Ordinal);
        // And where it always was.
        Assert.Contains(" is ready; home ", node.AgentLog, StringComparison.Ordinal);
        Assert.Equal(["agent"], (await LedgerAsync(node, "own")).Keys);
        Assert.Equal((0L, 0L), ((await LedgerAsync(node, "own"))["agent"].Dead, (await LedgerAsync(node, "own"))["agent"].Lost));
    }

    private static bool IsReady(JsonNode said) => (string?)said["event.code"] == "1101";

    private static List<JsonNode> Said(string events) => [.. File.ReadAllText(events).Split('\n')[..^1].Select(line => JsonNode.Parse(line)!)];

    private static List<AuditEntry> Entries(TestNode node) => [.. AuditReader.Read(Path.Combine(node.Home, "audit"), new())];

    private static async Task WriteSinksAsync(TestNode node, string sinks)
    {
        var file = Path.Combine(node.Home, "policy", "sinks.yaml");
        await File.WriteAllTextAsync(file + ".new", $"apiVersion: holdfast/v1\nkind: Sinks\nsinks:\n{sinks}\n");
        File.Move(file + ".new", file, overwrite: true);
    }

    private static async Task<Dictionary<string, (long Produced, long Delivered, long Queued, long Dead, long Lost)>> LedgerAsync(TestNode node, string name)
    {
        var answer = await node.HoldfastAsync("ledger", "-o", "json");
        // 7: something is wrong with a sink, and the table is there all the same.
        if (answer.ExitCode != 7) answer.Ok();
        using var document = JsonDocument.Parse(answer.Output);
        // The agent may not have read the file of sinks yet: then there is none.
        return document.RootElement.GetProperty("sinks").EnumerateArray().Where(sink => sink.GetProperty("name").GetString() == name).SelectMany(sink => sink.GetProperty("streams").EnumerateArray())
            .ToDictionary(stream => stream.GetProperty("stream").GetString()!, stream => (Number(stream, "produced"), Number(stream, "delivered"), Number(stream, "queued"), Number(stream, "dead"), Number(stream, "lost")));

        static long Number(JsonElement stream, string name) => stream.GetProperty(name).GetInt64();
    }
}
