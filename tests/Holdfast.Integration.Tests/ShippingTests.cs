using System.Globalization;
using System.Text.Json;
using Holdfast.Integration.Tests.Crash;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Telemetry.Tests.Sinks;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests;

/// <summary>What services write reaches a sink, whatever happens to the agent, and the ledger says so.</summary>
public sealed class ShippingTests(ITestOutputHelper output)
{
    private const int Lines = 20_000;

    [Fact]
    public async Task Law06_every_line_reaches_the_sink_although_the_agent_is_killed_again_and_again_and_the_ledger_balances()
    {
        await using var node = await TestNode.StartAsync();
        var events = Path.Combine(node.Root, "events.jsonl");
        await WriteSinksAsync(node, $"- {{name: local, file: {{path: {events}}}}}");
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write($"i=0; while [ $i -lt {Lines} ]; do i=$((i+1)); echo \"line $i\"; done\n{ServiceFolder.Steady}").DeployAsync()).Ok();
        for (var kill = 0; kill < 3; kill++)
        {
            await node.KillAgentAsync();
            await node.StartAgentAsync();
        }

        var ledger = await Eventually.SeeAsync(
            "that all is delivered", () => LedgerAsync(node), seen => seen is { Delivered: >= Lines, Queued: 0 });
        Assert.Equal(ledger.Produced, ledger.Delivered + ledger.Queued + ledger.Dead + ledger.Lost);
        Assert.Equal((0L, 0L), (ledger.Dead, ledger.Lost));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var messages = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(events))
        {
            using var read = JsonDocument.Parse(line);
            if (read.RootElement.GetProperty("event.dataset").GetString() != "orders") continue;
            if (ids.Add(read.RootElement.GetProperty("event.id").GetString()!)) Assert.True(messages.Add(read.RootElement.GetProperty("message").GetString()!), "two ids for one line");
        }

        Assert.Equal(Lines, Enumerable.Range(1, Lines).Count(i => messages.Contains($"line {i}")));
        using var http = new HttpClient();
        using var said = JsonDocument.Parse((await node.HoldfastAsync("node", "-o", "json")).Ok().Output);
        var metrics = await http.GetStringAsync(said.RootElement.GetProperty("metrics").GetString());
        Assert.Contains($"holdfast_sink_queued_lines{{sink=\"local\",service=\"orders\",instance=\"orders-0\"}} 0", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public Task Law06_with_a_receiver_that_fails_at_random_and_an_agent_that_is_killed_at_random_it_has_every_line_and_the_ledger_balances() => KillAsync(rounds: 6);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Law06_with_a_receiver_that_fails_at_random_and_an_agent_that_is_killed_two_hundred_times_it_has_every_line_and_the_ledger_balances() => KillAsync(rounds: 200);

    private async Task KillAsync(int rounds)
    {
        var seed = CrashSeed.Take(output);
        // One of the receiver's own: it answers on another thread.
        Random random = new(seed), fate = new(seed + 1);
        using var elastic = new ElasticsearchDouble();
        // Each answer is another bad day: nothing of it, all of it and nobody told, a part of it, too much at once.
        elastic.OfRequest = _ => fate.Next(8) switch { 0 => (503, ""), 1 => (429, ""), _ => null };
        elastic.OfItem = (_, _) => fate.Next(20) switch { 0 => 429, 1 => 503, _ => 0 };
        await using var node = await TestNode.StartAsync();
        await WriteSinksAsync(node, $"- {{name: elastic, services: [orders], elasticsearch: {{urls: [\"{elastic.Url}\"], target: logs-holdfast-test}}}}");
        var orders = new ServiceFolder(node, "orders");
        var stop = Path.Combine(node.Work, "stop");
        (await orders.Write($"i=0; while [ ! -e {stop} ]; do i=$((i+1)); echo \"line $i\"; [ $((i % 100)) -ne 0 ] || sleep 0.05; done; echo $i > {stop}.count; mv {stop}.count {stop}.told\n{ServiceFolder.Steady}").DeployAsync()).Ok();
        for (var round = 0; round < rounds; round++)
        {
            elastic.BreaksOff = random.Next(3) == 0;
            elastic.LargestRequest = random.Next(3) == 0 ? 64 << 10 : 100 << 20;
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(400)), TimeProvider.System);
            await node.KillAgentAsync();
            await node.StartAgentAsync();
        }

        // A good day comes for every receiver.
        (elastic.BreaksOff, elastic.LargestRequest) = (false, 100 << 20);
        (elastic.OfRequest, elastic.OfItem) = (_ => null, (_, _) => 0);
        await File.WriteAllTextAsync(stop, "");
        await Eventually.SeeAsync("how many lines there are", () => File.Exists(stop + ".told"));
        var written = int.Parse(await File.ReadAllTextAsync(stop + ".told"), CultureInfo.InvariantCulture);
        var ledger = await Eventually.SeeAsync("that all is delivered", () => LedgerAsync(node), seen => seen.Delivered >= written && seen.Queued == 0);
        Assert.Equal(ledger.Produced, ledger.Delivered + ledger.Queued + ledger.Dead + ledger.Lost);
        Assert.Equal((0L, 0L), (ledger.Dead, ledger.Lost));
        var messages = elastic.Documents.Values.Select(document => (string)document["message"]!).ToList();
        Assert.Equal(messages.Count, messages.Distinct().Count());
        var there = messages.ToHashSet(StringComparer.Ordinal);
        Assert.Equal(written, Enumerable.Range(1, written).Count(i => there.Contains($"line {i}")));
        output.WriteLine($"{rounds} kills, {written} lines, {elastic.Paths.Count} requests");
    }

    [Fact]
    public async Task Lines_are_taken_apart_as_the_spec_says_and_who_goes_silent_is_told()
    {
        await using var node = await TestNode.StartAsync();
        var events = Path.Combine(node.Root, "events.jsonl");
        await WriteSinksAsync(node, $"- {{name: local, services: [orders], file: {{path: {events}}}}}");
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write($"echo 'level=warn msg=\"slow payment\" took=12'\n{ServiceFolder.Steady}", "output: {format: logfmt, silence: 1s}").DeployAsync()).Ok();
        await Eventually.SeeAsync("the line", () => File.Exists(events) && File.ReadAllText(events).Contains("started\"}\n", StringComparison.Ordinal));
        using var line = JsonDocument.Parse(File.ReadLines(events).First());
        Assert.Equal(("warn", "slow payment", 12), (line.RootElement.GetProperty("log.level").GetString(), line.RootElement.GetProperty("message").GetString(), line.RootElement.GetProperty("took").GetInt32()));
        await Eventually.SeeAsync("that it is silent", async () => (await node.HoldfastAsync("ps")).Ok().Output, said => said.Contains("orders-0: output: it has written nothing for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Law06_what_an_index_refuses_is_shown_with_its_reason_and_sent_again_when_that_is_mended()
    {
        using var elastic = new ElasticsearchDouble { OfItem = (_, document) => ((string)document["message"]!).Contains("bad", StringComparison.Ordinal) ? 400 : 0 };
        await using var node = await TestNode.StartAsync();
        await WriteSinksAsync(node, $"- {{name: elastic, services: [orders], elasticsearch: {{urls: [\"{elastic.Url}\"], target: logs-holdfast-test}}}}");
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write($"echo good; echo bad one; echo bad two\n{ServiceFolder.Steady}").DeployAsync()).Ok();
        await Eventually.SeeAsync("two dead letters", () => LedgerAsync(node), seen => seen is { Dead: 2, Queued: 0, Produced: 4 });
        var shown = (await node.HoldfastAsync("dead-letter", "show", "elastic", "2")).Ok().Output;
        Assert.Contains("bad two", shown, StringComparison.Ordinal);
        Assert.Contains("as it was told", shown, StringComparison.Ordinal);
        Assert.Contains("[dead-letter.unknown]", (await node.HoldfastAsync("dead-letter", "show", "elastic", "3")).Expect(4).Error, StringComparison.Ordinal);
        elastic.OfItem = (_, _) => 0;
        (await node.HoldfastAsync("dead-letter", "retry", "elastic")).Ok();
        await Eventually.SeeAsync("none any more", () => LedgerAsync(node), seen => seen is { Dead: 0, Delivered: 4 });
        Assert.Equal(["bad one", "bad two", "good", "started"], elastic.Documents.Values.Select(document => (string)document["message"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_with_mistakes_changes_nothing_and_the_ledger_says_what_they_are()
    {
        await using var node = await TestNode.StartAsync();
        Assert.Contains("no sinks", (await node.HoldfastAsync("ledger")).Ok().Output, StringComparison.Ordinal);
        await WriteSinksAsync(node, $"- {{name: local, file: {{path: {node.Root}/events.jsonl}}}}");
        await Eventually.SeeAsync("the sink", async () => (await node.HoldfastAsync("ledger")).Output, said => said.Contains("local", StringComparison.Ordinal));
        await WriteSinksAsync(node, "- {name: local, file: {path: events.jsonl}}");
        var wrong = await Eventually.SeeAsync("what is wrong", () => node.HoldfastAsync("ledger"), result => result.ExitCode == 7);
        Assert.Contains("'events.jsonl' is not absolute; begin it with the root [sinks.path]", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("local", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("There is no sink 'other'", (await node.HoldfastAsync("dead-letter", "list", "other")).Expect(4).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Law06_what_a_service_writes_into_its_files_reaches_the_sink_over_rotation_and_kills_of_the_agent()
    {
        await using var node = await TestNode.StartAsync();
        var events = Path.Combine(node.Root, "events.jsonl");
        await WriteSinksAsync(node, $"- {{name: local, file: {{path: {events}}}}}");
        var orders = new ServiceFolder(node, "orders");
        var script = """
            mkdir -p logs; cd logs
            rotate() {
              for n in 9 8 7 6 5 4 3 2 1; do if [ -e app.log.$n ]; then mv app.log.$n app.log.$((n+1)); fi; done
              if [ $1 = rename ]; then mv app.log app.log.1; else cp app.log app.log.1; : > app.log; fi
            }
            i=0
            while [ $i -lt 6000 ]; do
              i=$((i+1)); echo "line $i" >> app.log
              if [ $((i % 1500)) = 600 ]; then rotate rename; fi
              if [ $((i % 1500)) = 1200 ]; then rotate copy; fi
              if [ $((i % 200)) = 0 ]; then sleep 0.05; fi
            done
            """;
        (await orders.Write($"{script}\n{ServiceFolder.Steady}", "output: {files: [logs/app.log]}").DeployAsync()).Ok();
        for (var kill = 0; kill < 3; kill++)
        {
            await node.KillAgentAsync();
            await node.StartAgentAsync();
        }

        await Eventually.SeeAsync("all lines", async () => (await node.HoldfastAsync("logs", "orders", "--files")).Output.Split('\n').Count(line => line.StartsWith("line ", StringComparison.Ordinal)), seen => seen >= 6000);
        var shown = (await node.HoldfastAsync("logs", "orders", "--files")).Ok().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(1, 6000).Select(i => $"line {i}").Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        using var logged = JsonDocument.Parse((await node.HoldfastAsync("logs", "orders", "--files", "--tail", "1", "-o", "json")).Ok().Output);
        Assert.Equal("file", logged.RootElement[0].GetProperty("stream").GetString());
        await Eventually.SeeAsync("that all is delivered", () => LedgerAsync(node, "orders-0.files"), seen => seen is { Produced: 6000, Delivered: 6000, Queued: 0, Lost: 0 });
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(events))
        {
            using var read = JsonDocument.Parse(line);
            if (!read.RootElement.TryGetProperty("log.file.path", out var path)) continue;
            Assert.Equal(("file", "orders-0"), (read.RootElement.GetProperty("labels.stream").GetString(), read.RootElement.GetProperty("service.node.name").GetString()));
            paths[read.RootElement.GetProperty("message").GetString()!] = path.GetString()!;
        }

        Assert.Equal(6000, paths.Count);
        Assert.StartsWith("logs/app.log", paths["line 6000"], StringComparison.Ordinal);
        (await node.HoldfastAsync("remove", "orders", "--purge")).Ok();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(node.Home, "output")).SelectMany(folder => Directory.EnumerateFileSystemEntries(folder).Prepend(folder)));
    }

    private static async Task WriteSinksAsync(TestNode node, string sinks)
    {
        var file = Path.Combine(node.Home, "policy", "sinks.yaml");
        await File.WriteAllTextAsync(file + ".new", $"apiVersion: holdfast/v1\nkind: Sinks\nsinks:\n  {sinks}\n");
        File.Move(file + ".new", file, overwrite: true);
    }

    private static async Task<(long Produced, long Delivered, long Queued, long Dead, long Lost)> LedgerAsync(TestNode node, string name = "orders-0")
    {
        var answer = await node.HoldfastAsync("ledger", "--service", "orders", "-o", "json");
        // 7: something is wrong with a sink, and the table is there all the same.
        if (answer.ExitCode != 7) answer.Ok();
        using var document = JsonDocument.Parse(answer.Output);
        // The agent may not have read the file of sinks yet: then there is none.
        var stream = document.RootElement.GetProperty("sinks").EnumerateArray().Take(1).SelectMany(sink => sink.GetProperty("streams").EnumerateArray()).FirstOrDefault(one => one.GetProperty("stream").GetString() == name);
        return stream.ValueKind == JsonValueKind.Undefined ? default : (Number("produced"), Number("delivered"), Number("queued"), Number("dead"), Number("lost"));

        long Number(string name) => stream.GetProperty(name).GetInt64();
    }
}
