using System.Diagnostics;
using System.Text.RegularExpressions;
using Holdfast.Testing.Storage;

namespace Holdfast.Telemetry.Tests.Sinks;

/// <summary>Three brokers of librdkafka's mock cluster, in a process of their own (a kcat that is its host and waits for input): the protocol is Kafka's, the brokers are not.</summary>
internal sealed partial class MockKafka : IDisposable
{
    private readonly Process process;

    private MockKafka(Process process, string brokers) => (this.process, Brokers) = (process, brokers);

    public string Brokers { get; }

    public static async Task<MockKafka> StartAsync()
    {
        var start = new ProcessStartInfo("kcat", ["-P", "-b", "replaced", "-t", "none", "-X", "test.mock.num.brokers=3"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (Servers().Match(line) is { Success: true } found) return new(process, found.Groups[1].Value);
        }

        throw new InvalidOperationException($"kcat began no cluster: {string.Join('\n', said)}");
    }

    /// <summary>All messages of a topic, by another client: header <c>event-id</c>, key and value, between tabs.</summary>
    public async Task<string[]> ReadAsync(string topic)
    {
        var start = new ProcessStartInfo("kcat", ["-C", "-b", Brokers, "-t", topic, "-e", "-q", "-o", "beginning", "-f", "%h\t%k\t%s\n"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var reading = Process.Start(start)!;
        var output = await reading.StandardOutput.ReadToEndAsync();
        await reading.WaitForExitAsync();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Messages of a line each, by another client, over all partitions.</summary>
    public async Task WriteAsync(string topic, IEnumerable<string> lines)
    {
        using var writing = Process.Start(new ProcessStartInfo("kcat", ["-P", "-b", Brokers, "-t", topic]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        foreach (var line in lines) await writing.StandardInput.WriteAsync(line + "\n");
        writing.StandardInput.Close();
        await writing.WaitForExitAsync();
        if (writing.ExitCode != 0) throw new InvalidOperationException($"kcat wrote nothing: {await writing.StandardError.ReadToEndAsync()}");
    }

    /// <summary>What another client is answered that asks what there is; not zero: nothing, within a second.</summary>
    public async Task<int> AskAsync()
    {
        using var asking = Process.Start(new ProcessStartInfo("kcat", ["-L", "-b", Brokers, "-m", "1"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await asking.WaitForExitAsync();
        return asking.ExitCode;
    }

    public void Freeze() => Signal("-STOP");

    public void Wake() => Signal("-CONT");

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        kill.WaitForExit();
    }

    [GeneratedRegex(@"replaced with (\S+)")]
    private static partial Regex Servers();
}

/// <summary>A test with kcat and the system's librdkafka; skipped by name where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaFactAttribute : FactAttribute
{
    public KafkaFactAttribute() => Skip = EtcdProcess.WhyNot("kcat", "kcat");
}
