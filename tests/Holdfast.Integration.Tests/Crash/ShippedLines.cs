using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>
/// Lines on their way to a sink, whoever dies: a sink is there for a while, and has afterwards each line that the ledger says it has, under one id each, from the first to the last without a gap. What it has twice after a death has the same id.
/// </summary>
internal static class ShippedLines
{
    private const string Name = "local";

    /// <summary>As many of each stream at least.</summary>
    private const int Enough = 40;

    /// <summary>No sink is there, and nothing of one.</summary>
    public static async Task WithoutSinksAsync(CrashNode node)
    {
        File.Delete(SinksFile(node));
        await Eventually.SeeAsync("no sink", async () => await StreamsAsync(node), seen => seen is { Count: 0 });
        if (Directory.Exists(node.Home.Shipping)) Directory.Delete(node.Home.Shipping, recursive: true);
        File.Delete(Events(node));
    }

    public static async Task<CommandResult> ShipAsync(CrashNode node)
    {
        await File.WriteAllTextAsync(SinksFile(node) + ".new", $"apiVersion: holdfast/v1\nkind: Sinks\nsinks:\n  - {{name: {Name}, services: [orders, ledger], from: now, file: {{path: {Events(node)}}}}}\n");
        File.Move(SinksFile(node) + ".new", SinksFile(node), overwrite: true);
        var told = await Eventually.SeeAsync("lines of both at the sink", async () => await StreamsAsync(node), seen => seen is { Count: 2 } && seen.Values.All(one => one.Delivered >= Enough));
        File.Delete(SinksFile(node));
        await Eventually.SeeAsync("the end of the sink", async () => await StreamsAsync(node), seen => seen is { Count: 0 });
        Judge(node, told!);
        return new("ship", 0, "", "");
    }

    private static void Judge(CrashNode node, Dictionary<string, (long Produced, long Delivered)> told)
    {
        var sequences = new Dictionary<string, SortedSet<long>>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var written = File.ReadAllText(Events(node));
        // Who dies in the middle of a batch leaves a torn end, which no sink is there to cut off any more.
        foreach (var line in written[..(written.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var read = JsonDocument.Parse(line);
            var id = read.RootElement.GetProperty("event.id").GetString()!;
            Assert.True(texts.TryAdd(id, line) || texts[id] == line, $"two events have the id {id}");
            var stream = read.RootElement.GetProperty("service.node.name").GetString()!;
            if (!sequences.TryGetValue(stream, out var known)) sequences[stream] = known = [];
            known.Add(read.RootElement.GetProperty("event.sequence").GetInt64());
        }

        foreach (var (stream, ledger) in told)
        {
            var known = sequences[stream];
            Assert.True(known.Max - known.Min + 1 == known.Count, $"{stream}: of {known.Min} to {known.Max} there are {known.Count}");
            Assert.True(known.Count >= ledger.Delivered, $"{stream}: the ledger said that {ledger.Delivered} lines are delivered, and there are {known.Count}");
        }
    }

    private static string SinksFile(CrashNode node) => Path.Combine(node.Home.Policy, "sinks.yaml");

    private static string Events(CrashNode node) => Path.Combine(node.Home.Path, "shipped.jsonl");

    /// <returns>Null: no agent answers.</returns>
    private static async Task<Dictionary<string, (long Produced, long Delivered)>?> StreamsAsync(CrashNode node)
    {
        var answer = await node.Node.HoldfastAsync("ledger", "-o", "json");
        if (answer.ExitCode is not (0 or 7)) return null;
        using var ledger = JsonDocument.Parse(answer.Output);
        return ledger.RootElement.GetProperty("sinks").EnumerateArray().SelectMany(sink => sink.GetProperty("streams").EnumerateArray())
            .ToDictionary(stream => stream.GetProperty("stream").GetString()!, stream => (stream.GetProperty("produced").GetInt64(), stream.GetProperty("delivered").GetInt64()));
    }
}
