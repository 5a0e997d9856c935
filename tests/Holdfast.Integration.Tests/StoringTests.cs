using System.Text;
using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>What becomes of output on the disk: closed segments are packed, and a part of the disk is kept free.</summary>
public sealed class StoringTests
{
    private const int Lines = 4000;

    /// <summary>Long enough for several segments of the smallest size.</summary>
    private static readonly string script = $"i=0; while [ $i -lt {Lines} ]; do i=$((i+1)); echo \"line $i of a payment that nobody else is to read\"; done\n{ServiceFolder.Steady}";

    [Fact]
    public async Task Closed_segments_are_compressed_and_encrypted_and_nobody_who_may_read_them_notices()
    {
        await using var node = await TestNode.StartAsync();
        await WriteAsync(node, "output.yaml", "kind: OutputPolicy\nclosed: {compress: true, encrypt: true}\n");
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write(script, "output: {rotate: {size: 64KiB}}").DeployAsync()).Ok();
        await Eventually.SeeAsync("that all closed segments are packed", () => Segments(node) is { Length: > 3 } all && all.SkipLast(1).All(IsPacked));
        Assert.All(Segments(node).SkipLast(1), file => Assert.DoesNotContain("a payment that", Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
        await SeeAllAsync(node);

        // An agent that begins with them, and a sink that comes later.
        await node.KillAgentAsync();
        await node.StartAgentAsync();
        await SeeAllAsync(node);
        var events = Path.Combine(node.Root, "events.jsonl");
        await WriteAsync(node, "sinks.yaml", $"kind: Sinks\nsinks: [{{name: local, services: [orders], file: {{path: {events}}}}}]\n");
        await Eventually.SeeAsync("that all is delivered", () => LedgerAsync(node, "local"), seen => seen is { Delivered: Lines + 1, Queued: 0, Lost: 0 });

        // Without its key nothing of it is to be had, and it is said which is missing.
        var key = Path.Combine(node.Home, "keys", "segments.key");
        File.Move(key, key + ".away");
        await Eventually.SeeAsync("that it is gone", () => node.HoldfastAsync("ledger"), said => said.Output.Contains("segments.key is gone (until the agent ends", StringComparison.Ordinal));
        await SeeAllAsync(node);
        await node.KillAgentAsync();
        await node.StartAgentAsync();
        var refused = await Eventually.SeeAsync("that the key is missing", () => node.HoldfastAsync("logs", "orders"), said => said.ExitCode != 0);
        Assert.Contains("[output.not-read]", refused.Error, StringComparison.Ordinal);
        Assert.Contains("is encrypted with the key", refused.Error, StringComparison.Ordinal);
        File.Move(key + ".away", key, overwrite: true);
        await Eventually.SeeAsync("that it is back", () => node.HoldfastAsync("logs", "orders"), said => said.ExitCode == 0);
        await SeeAllAsync(node);
    }

    [Fact]
    public async Task Law06_for_room_on_the_disk_goes_what_every_sink_has_and_nothing_that_one_waits_for()
    {
        await using var node = await TestNode.StartAsync();
        var events = Path.Combine(node.Root, "events.jsonl");
        var local = $"{{name: local, services: [orders], file: {{path: {events}}}}}";
        await WriteAsync(node, "sinks.yaml", $"kind: Sinks\nsinks: [{local}, {{name: away, services: [orders], lines: {{host: 127.0.0.1, port: 1}}}}]\n");
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write(script, "output: {rotate: {size: 64KiB}}").DeployAsync()).Ok();
        await Eventually.SeeAsync("that one sink has all", () => LedgerAsync(node, "local"), seen => seen is { Delivered: Lines + 1, Queued: 0 });
        var before = Segments(node);
        // More than any disk has.
        await WriteAsync(node, "output.yaml", "kind: OutputPolicy\nreserve: 1000TiB\nundelivered: keep\n");
        var told = await Eventually.SeeAsync("that room is missing", () => node.HoldfastAsync("ledger"), said => said.Output.Contains("[output.reserve]", StringComparison.Ordinal));
        Assert.Equal(7, told.ExitCode);
        Assert.Equal(before, Segments(node));

        await WriteAsync(node, "sinks.yaml", $"kind: Sinks\nsinks: [{local}]\n");
        await Eventually.SeeAsync("that only the open segment is there", () => Segments(node).Length == 1);
        Assert.Equal((Lines + 1L, 0L), (await LedgerAsync(node, "local")) is var ledger ? (ledger.Delivered, ledger.Lost) : default);
        Assert.Equal(Lines + 1, File.ReadLines(events).Count());
        // Its writer goes on, and forgets none that it thinks is there.
        (await node.HoldfastAsync("restart", "orders")).Ok();
        await Eventually.SeeAsync("the lines of the second run", () => LedgerAsync(node, "local"), seen => seen is { Delivered: >= (2 * Lines) + 2, Queued: 0, Lost: 0 });
    }

    [Fact]
    public async Task What_a_sink_waits_for_goes_where_that_is_allowed_and_is_counted_as_lost()
    {
        await using var node = await TestNode.StartAsync();
        await WriteAsync(node, "sinks.yaml", "kind: Sinks\nsinks: [{name: away, services: [orders], lines: {host: 127.0.0.1, port: 1}}]\n");
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write(script, "output: {rotate: {size: 64KiB}}").DeployAsync()).Ok();
        await Eventually.SeeAsync("that all is written", () => LedgerAsync(node, "away"), seen => seen is { Produced: Lines + 1 });
        await WriteAsync(node, "output.yaml", "kind: OutputPolicy\nreserve: 1000TiB\n");
        await Eventually.SeeAsync("that only the open segment is there", () => Segments(node).Length == 1);
        // Its cursors go by its name: what it is now is there.
        await WriteAsync(node, "sinks.yaml", $"kind: Sinks\nsinks: [{{name: away, services: [orders], file: {{path: {node.Root}/events.jsonl}}}}]\n");
        var ledger = await Eventually.SeeAsync("that the rest is delivered", () => LedgerAsync(node, "away"), seen => seen is { Queued: 0, Delivered: > 0 });
        Assert.True(ledger.Lost > 0);
        Assert.Equal(Lines + 1, ledger.Delivered + ledger.Lost);
    }

    private static string[] Segments(TestNode node) => [.. Directory.GetFiles(Path.Combine(node.Home, "output", "orders-0"), "*.seg").Order(StringComparer.Ordinal)];

    private static bool IsPacked(string file)
    {
        using var stream = File.OpenRead(file);
        var mark = new byte[6];
        return stream.Read(mark) == mark.Length && Encoding.Latin1.GetString(mark, 1, 5) == "HFPAC";
    }

    private static async Task SeeAllAsync(TestNode node)
    {
        var lines = (await node.HoldfastAsync("logs", "orders")).Ok().Output.Split('\n').Where(line => line.StartsWith("line ", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(1, Lines).Select(i => $"line {i} of a payment that nobody else is to read"), lines);
    }

    private static async Task WriteAsync(TestNode node, string name, string text)
    {
        var file = Path.Combine(node.Home, "policy", name);
        await File.WriteAllTextAsync(file + ".new", "apiVersion: holdfast/v1\n" + text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static async Task<(long Produced, long Delivered, long Queued, long Lost)> LedgerAsync(TestNode node, string sink)
    {
        using var document = JsonDocument.Parse((await node.HoldfastAsync("ledger", "-o", "json")).Output);
        var stream = document.RootElement.GetProperty("sinks").EnumerateArray().Where(one => one.GetProperty("name").GetString() == sink).SelectMany(one => one.GetProperty("streams").EnumerateArray())
            .FirstOrDefault(one => one.GetProperty("stream").GetString() == "orders-0");
        return stream.ValueKind == JsonValueKind.Undefined ? default : (Number("produced"), Number("delivered"), Number("queued"), Number("lost"));

        long Number(string name) => stream.GetProperty(name).GetInt64();
    }
}
