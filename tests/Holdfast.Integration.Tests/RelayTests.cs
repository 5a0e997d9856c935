using System.Diagnostics;
using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Telemetry.Tests.Sinks;

namespace Holdfast.Integration.Tests;

/// <summary>`holdfast relay` as a process that is killed, against librdkafka's mock brokers and a double of an Elasticsearch.</summary>
public sealed class RelayTests : IDisposable
{
    private const int Messages = 12_000;

    private readonly string root = Directory.CreateTempSubdirectory("holdfast-relay-").FullName;

    private string Config => Path.Combine(root, "relay.yaml");

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>vector#8540, fluent-bit#11847, confluent-kafka-dotnet#246: acknowledged before it was delivered, and gone with the process.</summary>
    [KafkaFact]
    public async Task Law06_every_message_reaches_the_index_once_although_the_relay_is_killed_the_brokers_stand_still_and_the_index_has_no_room()
    {
        using var kafka = await MockKafka.StartAsync();
        using var index = new ElasticsearchDouble();
        await WriteAsync(kafka, $"{{elasticsearch: {{urls: [\"{index.Url}\"], target: logs-test}}}}");
        await kafka.WriteAsync("events", Enumerable.Range(0, Messages).Select(i => $"event-{i}"));
        var answers = 0;
        // Now and then it has no room, for all of a request or for some of it.
        index.OfRequest = _ => Interlocked.Increment(ref answers) % 7 == 0 ? (503, "no room") : null;
        index.OfItem = (id, _) => id.EndsWith('7') && Random.Shared.Next(4) == 0 ? 429 : 0;
        for (var kill = 1; kill <= 3; kill++)
        {
            using var relay = Start();
            var until = Messages * kill / 5;
            await Eventually.SeeAsync($"{until} of them", () => index.Documents.Count >= until || relay.HasExited);
            Assert.False(relay.HasExited, "the relay has ended by itself");
            relay.Kill();
            await relay.WaitForExitAsync();
        }

        using (var last = Start())
        {
            kafka.Freeze();
            Assert.NotEqual(0, await kafka.AskAsync());
            kafka.Wake();
            await Eventually.SeeAsync("all of them", () => index.Documents.Count == Messages);
            // Told to stop it commits what is settled.
            using var stop = Process.Start("kill", [$"{last.Id}"]);
            await last.WaitForExitAsync();
            Assert.Equal(0, last.ExitCode);
        }

        Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"event-{i}").Order(StringComparer.Ordinal), index.Documents.Values.Select(document => (string)document["message"]!).Order(StringComparer.Ordinal));
        // The next one finds nothing to do.
        var (code, ledger) = await OnceAsync();
        Assert.Equal((0, 0L, 0L), (code, ledger.Delivered, ledger.Queued));
        Assert.Equal(Messages, index.Documents.Count);
    }

    [KafkaFact]
    public async Task Law06_the_ledger_of_a_run_balances_and_what_the_index_refuses_is_on_disk()
    {
        using var kafka = await MockKafka.StartAsync();
        using var index = new ElasticsearchDouble { OfItem = (_, document) => ((string)document["message"]!).EndsWith("13", StringComparison.Ordinal) ? 400 : 0 };
        await WriteAsync(kafka, $"{{elasticsearch: {{urls: [\"{index.Url}\"], target: logs-test}}}}");
        await kafka.WriteAsync("events", Enumerable.Range(0, 500).Select(i => $"event-{i}"));
        var (code, ledger) = await OnceAsync();
        Assert.Equal((7, 500L, 495L, 0L, 5L, 0L), (code, ledger.Produced, ledger.Delivered, ledger.Queued, ledger.Dead, ledger.Lost));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(root, "state", "events", "dead-letter"), "*.seg"));
    }

    [KafkaFact]
    public async Task A_pipe_and_standard_output_take_part_in_a_pipeline_and_a_closed_one_is_no_crash()
    {
        await File.WriteAllTextAsync(Config, "apiVersion: holdfast/v1\nkind: Relay\nname: pipe\nfrom: {stdin: {}}\nto: {stdout: {}}\n");
        using var relay = Start();
        await relay.StandardInput.WriteAsync("one\n{\"msg\":\"two\"}\n");
        relay.StandardInput.Close();
        var lines = (await relay.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["one", "two"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()));
        await relay.WaitForExitAsync();
        Assert.Equal(0, relay.ExitCode);

        using var broken = Start();
        broken.StandardOutput.Close();
        await broken.StandardInput.WriteAsync("one\n");
        await broken.StandardInput.FlushAsync();
        Assert.Contains("nothing, or not all, is delivered: standard output:", await broken.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        Assert.False(broken.HasExited);
        using var stop = Process.Start("kill", [$"{broken.Id}"]);
        await broken.WaitForExitAsync();
        Assert.Equal(0, broken.ExitCode);
    }

    [Fact]
    public async Task A_document_is_checked_without_being_obeyed_and_one_of_a_name_runs_at_a_time()
    {
        await File.WriteAllTextAsync(Config, "apiVersion: holdfast/v1\nkind: Relay\nname: pipe\nfrom: {stdin: {}}\nto: {stdout: {}}\n");
        Assert.Equal("pipe: from stdin to stdout\n", (await Programs.RunAsync(Programs.Holdfast, ["relay", "--config", Config, "--check"], root)).Ok().Output);
        using var relay = Start();
        await relay.StandardInput.WriteAsync("one\n");
        await relay.StandardInput.FlushAsync();
        Assert.Contains("\"message\":\"one\"", await relay.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Contains("[lock.held]", (await Programs.RunAsync(Programs.Holdfast, ["relay", "--config", Config, "--state", Path.Combine(root, "state")], root)).Error, StringComparison.Ordinal);
        relay.StandardInput.Close();
        await relay.WaitForExitAsync();
        await File.WriteAllTextAsync(Config, "apiVersion: holdfast/v1\nkind: Relay\nname: pipe\nfrom: {stdin: {}}\nto: {lines: {host: h}}\n");
        Assert.Contains("lines has no 'port'", (await Programs.RunAsync(Programs.Holdfast, ["relay", "--config", Config, "--check"], root)).Expect(2).Error, StringComparison.Ordinal);
    }

    private Task WriteAsync(MockKafka kafka, string to) => File.WriteAllTextAsync(
        Config,
        $"apiVersion: holdfast/v1\nkind: Relay\nname: events\nfrom:\n  kafka: {{brokers: [{string.Join(", ", kafka.Brokers.Split(',').Select(broker => $"\"{broker}\""))}], topics: [events], group: relay}}\nto: {to}\n");

    private Process Start(params string[] more)
    {
        var start = new ProcessStartInfo(Programs.Holdfast, ["relay", "--config", Config, "--state", Path.Combine(root, "state"), .. more])
        {
            WorkingDirectory = root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private async Task<(int Code, (long Produced, long Delivered, long Queued, long Dead, long Lost) Ledger)> OnceAsync()
    {
        using var relay = Start("--once", "-o", "json");
        var told = relay.StandardError.ReadToEndAsync();
        var output = await relay.StandardOutput.ReadToEndAsync();
        await relay.WaitForExitAsync();
        Assert.True(output.Length > 0, await told);
        using var document = JsonDocument.Parse(output);
        var streams = document.RootElement.GetProperty("sinks")[0].GetProperty("streams").EnumerateArray().ToList();
        Assert.All(streams, one => Assert.Equal(one.GetProperty("produced").GetInt64(), new[] { "delivered", "queued", "dead", "lost" }.Sum(name => one.GetProperty(name).GetInt64())));
        return (relay.ExitCode, (Sum("produced"), Sum("delivered"), Sum("queued"), Sum("dead"), Sum("lost")));

        long Sum(string name) => streams.Sum(one => one.GetProperty(name).GetInt64());
    }
}
