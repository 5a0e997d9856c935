using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Holdfast.Platform.Diagnostics;
using Holdfast.Telemetry.Sources.EventPipe;
using Holdfast.Testing;

namespace Holdfast.Telemetry.Tests.Sources;

/// <summary>A real .NET process, and what its runtime sends.</summary>
public sealed class EventPipeTests
{
    [Fact]
    public async Task Events_of_a_source_come_by_level_and_keyword_with_what_they_carry()
    {
        using var process = Start(3);
        using var session = await BeginAsync(process, new("Holdfast-Test", 4, 1));
        var lines = await ReadAsync(process, session, ends: 1);
        Assert.Equal([.. Enumerable.Range(1, 3).Select(i => FormattableString.Invariant($"OrderTaken number={i} customer=customer \"{i}\" amount={i * 1.5} isLarge={i % 2 == 0}")), "Last"], lines.Events.Select(line => line.GetProperty("message").GetString()));
        var second = lines.Events[1];
        Assert.Equal(("Holdfast-Test", "OrderTaken", 1, "informational"), (second.GetProperty("dotnet.provider").GetString(), second.GetProperty("dotnet.event").GetString(), second.GetProperty("dotnet.id").GetInt32(), second.GetProperty("log.level").GetString()));
        Assert.Equal("""{"number":2,"customer":"customer \u00222\u0022","amount":3,"isLarge":true}""", second.GetProperty("dotnet.payload").GetRawText());
        Assert.Equal("warning", lines.Events[3].GetProperty("log.level").GetString());
        Assert.InRange(second.GetProperty("@timestamp").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(5));
        Assert.Equal(0, lines.Lost);
    }

    /// <summary>rustinel#305, beats#50966: events are lost where nobody reads in time, and nobody is told.</summary>
    [Fact]
    public async Task Rustinel305_what_the_process_had_to_drop_is_counted()
    {
        using var process = Start(200_000);
        using var session = await BeginAsync(process, new("Holdfast-Test", 5, -1));
        // Nobody reads while it writes all that.
        Assert.Equal("done", await process.StandardOutput.ReadLineAsync());
        await process.StandardInput.WriteLineAsync();
        var lines = await ReadAsync(process, session, ends: 1);
        Assert.True(lines.Lost > 0, "nothing was dropped");
        Assert.NotEmpty(lines.Events);
    }

    [Fact]
    public async Task A_session_that_was_ended_here_costs_the_process_nothing_more()
    {
        using var process = Start(1);
        using var session = await BeginAsync(process, new("Holdfast-Test", 4, 1));
        var reading = Task.Factory.StartNew(() => session.Read(_ => { }, _ => { }, () => { }), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.Equal("done", await process.StandardOutput.ReadLineAsync());
        await session.EndAsync(CancellationToken.None);
        await reading;
        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task What_is_no_process_of_dotnet_has_no_such_port()
    {
        using var sleep = Process.Start("sleep", "60");
        try
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => DiagnosticsPort.ConnectAsync(sleep.Id, CancellationToken.None));
            Assert.True(failure is IOException or SocketException, failure.ToString());
            Assert.Contains("no diagnostics port", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            sleep.Kill();
        }
    }

    private static Process Start(int count)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(Program).Assembly.Location, "events", $"{count}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("there", process.StandardOutput.ReadLine());
        return process;
    }

    private static Task<EventPipeSession> BeginAsync(Process process, EventPipeProvider provider) =>
        EventPipeSession.BeginAsync(cancel => DiagnosticsPort.ConnectAsync(process.Id, cancel), [provider], CancellationToken.None);

    /// <summary>Reads until the last event has come so many times, and the process has ended.</summary>
    private static async Task<(List<JsonElement> Events, long Lost)> ReadAsync(Process process, EventPipeSession session, int ends)
    {
        var events = new List<JsonElement>();
        var (lost, seen) = (0L, 0);
        var reading = Task.Factory.StartNew(
            () => session.Read(
                line =>
                {
                    var read = JsonDocument.Parse(line).RootElement.Clone();
                    if (events.Count < 1000) events.Add(read);
                    if (read.GetProperty("dotnet.event").GetString() == "Last") Interlocked.Increment(ref seen);
                },
                dropped => Interlocked.Add(ref lost, dropped),
                () => { }),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Eventually.SeeAsync("the last event", () => Volatile.Read(ref seen) >= ends);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        await reading;
        return (events, Interlocked.Read(ref lost));
    }
}
