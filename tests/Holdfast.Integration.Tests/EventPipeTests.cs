using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>A real .NET service with an EventSource (samples/ledger), and an agent that asks its runtime.</summary>
public sealed class EventPipeTests
{
    private const int Stop = 19, Continue = 18;

    [LedgerFact]
    public async Task Law06_events_of_a_dotnet_service_reach_the_sink_whoever_is_started_anew_and_who_does_not_answer_is_told()
    {
        await using var node = await TestNode.StartAsync();
        var events = Path.Combine(node.Root, "events.jsonl");
        await File.WriteAllTextAsync(Path.Combine(node.Home, "policy", "sinks.yaml"), $"apiVersion: holdfast/v1\nkind: Sinks\nsinks:\n  - {{name: local, services: [orders], file: {{path: {events}}}}}\n");
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write($"TRAFFIC=50ms exec {LedgerFactAttribute.Program} -port 0", "output: {eventPipe: [{provider: Holdfast-Ledger, keywords: \"0x1\"}]}").DeployAsync()).Ok();

        await Eventually.SeeAsync("events of the service", () => Taken(events).Count > 0);
        await node.KillAgentAsync();
        await node.StartAgentAsync();
        var before = Taken(events).Count;
        await Eventually.SeeAsync("events for another agent", () => Taken(events).Count > before);
        (await node.HoldfastAsync("restart", "orders")).Ok();
        await Eventually.SeeAsync("events of another process", () => Taken(events) is var taken && taken.Zip(taken.Skip(1)).Any(pair => pair.Second < pair.First));

        // Suspended: it takes a connection, and answers nothing.
        var pid = (await node.PsAsync("orders")).Pid;
        TestNode.Signal(pid, Stop);
        try
        {
            await node.KillAgentAsync();
            await node.StartAgentAsync();
            await Eventually.SeeAsync("that it does not answer", async () => (await node.HoldfastAsync("ledger")).Output, said => said.Contains("orders-0: events of its runtime are not read: it has not answered", StringComparison.Ordinal));
        }
        finally
        {
            TestNode.Signal(pid, Continue);
        }

        before = Taken(events).Count;
        await Eventually.SeeAsync("events of one that goes on", () => Taken(events).Count > before);
        (await node.HoldfastAsync("remove", "orders", "--purge")).Ok();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(node.Home, "output")));
    }

    /// <summary>The numbers of the orders that were taken, in their order; a last line that is being written is not counted.</summary>
    private static List<int> Taken(string events)
    {
        if (!File.Exists(events)) return [];
        var text = File.ReadAllText(events);
        List<int> numbers = [];
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var read = JsonDocument.Parse(line);
            if (!read.RootElement.TryGetProperty("dotnet.event", out var kind) || kind.GetString() != "OrderTaken") continue;
            Assert.Equal(("event", "orders-0", "Holdfast-Ledger"), (read.RootElement.GetProperty("labels.stream").GetString(), read.RootElement.GetProperty("service.node.name").GetString(), read.RootElement.GetProperty("dotnet.provider").GetString()));
            numbers.Add(read.RootElement.GetProperty("dotnet.payload").GetProperty("number").GetInt32());
        }

        return numbers;
    }
}

/// <summary>A test with samples/ledger, which the tests' script compiles; skipped by name where it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LedgerFactAttribute : FactAttribute
{
    public LedgerFactAttribute() => Skip = File.Exists(Program) ? null : "needs samples/ledger/bin/ledger (dotnet publish, as eng/samples.sh does)";

    public static string Program { get; } = Path.Combine(Path.GetDirectoryName(Payments.Source)!, "ledger", "bin", "ledger");
}
