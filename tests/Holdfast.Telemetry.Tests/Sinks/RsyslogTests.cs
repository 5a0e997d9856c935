using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks.Lines;
using Holdfast.Testing;
using Holdfast.Testing.Storage;

namespace Holdfast.Telemetry.Tests.Sinks;

/// <summary>A real rsyslog as the receiver of lines: it reads them from TCP, parses each as JSON and writes two of its members into a file.</summary>
public sealed class RsyslogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-rsyslog-").FullName;
    private readonly List<Process> processes = [];

    public void Dispose()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    [RsyslogFact]
    public async Task Law06_rsyslog_has_every_event_also_after_it_was_away()
    {
        var port = FreePort();
        await using var sink = new LinesSink("127.0.0.1", port, null, TimeProvider.System);
        var first = Batches.Of([.. Enumerable.Range(1, 2000).Select(i => $"first {i}: \"quoted\", with a tab\t, ünï and a \\")]);
        Assert.IsType<Delivery.Nothing>(await sink.DeliverAsync(first, Batches.All(first), CancellationToken.None));

        var rsyslog = Start(port);
        await Eventually.SeeAsync("rsyslog listening", async () => await sink.DeliverAsync(first, Batches.All(first), CancellationToken.None) is Delivery.All, delivered => delivered);
        await Eventually.SeeAsync("all of the first", () => Received().Count == 2000);
        rsyslog.Kill();
        await rsyslog.WaitForExitAsync();
        var second = Batches.Of([.. Enumerable.Range(2001, 500).Select(i => $"second {i}")]);
        Assert.IsType<Delivery.Nothing>(await sink.DeliverAsync(second, Batches.All(second), CancellationToken.None));
        Start(port);
        await Eventually.SeeAsync("rsyslog again", async () => await sink.DeliverAsync(second, Batches.All(second), CancellationToken.None) is Delivery.All, delivered => delivered);
        await Eventually.SeeAsync("all of the second", () => Received().Count == 2500);

        var lines = Received();
        Assert.Contains("first 7: \"quoted\", with a tab\t, ünï and a \\", lines);
        Assert.Equal(2500, lines.Distinct().Count());
    }

    private Process Start(int port)
    {
        var conf = Path.Combine(folder, "conf");
        File.WriteAllText(conf, $$"""
            global(workDirectory="{{folder}}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off")
            module(load="imtcp")
            module(load="mmjsonparse")
            template(name="message" type="list") { property(name="$!message" format="json") constant(value="\n") }
            parser(name="raw" type="pmnull")
            ruleset(name="in" parser="raw") {
              action(type="mmjsonparse" cookie="")
              action(type="omfile" file="{{folder}}/received" template="message")
            }
            input(type="imtcp" address="127.0.0.1" port="{{port}}" ruleset="in")
            """);
        var start = new ProcessStartInfo(RsyslogFactAttribute.Program, ["-n", "-f", conf, "-i", Path.Combine(folder, $"pid{processes.Count}")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        processes.Add(process);
        return process;
    }

    /// <summary>As JSON tells texts, back to what they are; a last line that is being written is not counted.</summary>
    private List<string> Received()
    {
        var file = Path.Combine(folder, "received");
        if (!File.Exists(file)) return [];
        var text = File.ReadAllText(file, Encoding.UTF8);
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonSerializer.Deserialize<string>($"\"{line}\"")!)];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A test with rsyslog; skipped by name where it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RsyslogFactAttribute : FactAttribute
{
    /// <summary>It is not in every account's path.</summary>
    public const string Program = "/usr/sbin/rsyslogd";

    public RsyslogFactAttribute() => Skip = File.Exists(Program) ? null : $"needs {Program} (Debian's package rsyslog)";
}
