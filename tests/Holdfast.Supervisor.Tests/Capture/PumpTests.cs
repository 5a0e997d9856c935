using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Supervisor.Capture;

namespace Holdfast.Supervisor.Tests.Capture;

public sealed class PumpTests : ICaptureObserver, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly string root = Directory.CreateTempSubdirectory("holdfast-pump-").FullName;
    private readonly CapturePump pump = new(TimeProvider.System);
    private readonly List<IDisposable> open = [];

    [Fact]
    public async Task Law06_all_lines_of_many_instances_are_stored_in_order()
    {
        const int instances = 20;
        const int lines = 5_000;
        var streams = Enumerable.Range(0, instances).Select(i => Start($"i{i}")).ToList();
        await Task.WhenAll(streams.Select((started, i) => Task.Run(() =>
        {
            for (var n = 0; n < lines; n++) started.Pipe.Write.Write(Encoding.UTF8.GetBytes($"{i} line {n}\n"));
            started.Pipe.Write.Dispose();
        })));
        Assert.True(await pump.DrainAsync([.. streams.Select(started => started.Stream)], Soon));
        for (var i = 0; i < instances; i++)
        {
            Assert.Equal(lines, streams[i].Output.Status.LinesWritten);
            Assert.Equal(Enumerable.Range(0, lines).Select(n => $"{i} line {n}"), Stored($"i{i}"));
        }
    }

    [Fact]
    public async Task A_line_without_end_is_stored_after_a_pause()
    {
        var started = Start("prompt");
        started.Pipe.Write.Write("Password: "u8);
        await Until(() => started.Output.Status.LinesWritten == 1);
        Assert.Equal(["Password: "], Stored("prompt"));
    }

    [Fact]
    public async Task A_pipe_that_somebody_else_holds_open_does_not_hold_up_the_end()
    {
        var started = Start("held");
        started.Pipe.Write.Write("one\nunfinished"u8);
        Assert.False(await pump.DrainAsync([started.Stream], TimeSpan.FromMilliseconds(200)));
        Assert.Equal(["one", "unfinished"], Stored("held"));
    }

    [Fact]
    public async Task Law06_a_blocked_stream_goes_on_by_itself_when_the_disk_can_be_written_again()
    {
        var folder = Path.Combine(root, "blocked");
        File.WriteAllText(folder, "");
        var started = Start("blocked", new OutputSpec { OnFull = OverflowPolicy.Block });
        started.Pipe.Write.Write("one\ntwo\n"u8);
        await Until(() => started.Output.Status.Trouble is not null);
        started.Pipe.Write.Write("three\n"u8);
        File.Delete(folder);
        await Until(() => started.Output.Status is { LinesWritten: 3, Trouble: null });
        Assert.Equal(["one", "two", "three"], Stored("blocked"));
        Assert.True(started.Output.Status.Blocked > TimeSpan.Zero);
    }

    [Fact]
    public async Task What_was_written_is_synced_by_itself()
    {
        var started = Start("synced");
        started.Pipe.Write.Write("one\n"u8);
        await Until(() => started.Output.Status.LinesWritten == 1);
        await Until(() => started.Output.UnsyncedBytes == 0);
    }

    [Fact]
    public async Task Idle_pipes_wake_nobody()
    {
        var streams = Enumerable.Range(0, 400).Select(i => Start($"idle{i}")).ToList();
        foreach (var started in streams) started.Pipe.Write.Write("up\n"u8);
        await Until(() => streams.TrueForAll(started => started.Output.Status.LinesWritten == 1 && started.Output.UnsyncedBytes == 0));
        var before = pump.Turns;
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.InRange(pump.Turns - before, 0, 2);
    }

    [Fact]
    public async Task An_instance_that_was_forgotten_in_the_middle_of_trouble_harms_no_other()
    {
        File.WriteAllText(Path.Combine(root, "gone"), "");
        var gone = Start("gone", new OutputSpec { OnFull = OverflowPolicy.Block });
        gone.Pipe.Write.Write("one\n"u8);
        await Until(() => gone.Output.Status.Trouble is not null);
        pump.Forget(gone.Output);
        gone.Output.Dispose();
        gone.Pipe.Write.Dispose();
        Assert.False(await pump.DrainAsync([gone.Stream], TimeSpan.FromMilliseconds(600)));
        Assert.Equal(1, gone.Output.Status.LinesDropped);

        var other = Start("other");
        other.Pipe.Write.Write("fine\n"u8);
        other.Pipe.Write.Dispose();
        Assert.True(await pump.DrainAsync([other.Stream], Soon));
        Assert.Equal(["fine"], Stored("other"));
    }

    void ICaptureObserver.Trouble(Problem problem)
    {
    }

    void ICaptureObserver.Recovered(CaptureRecovery recovery)
    {
    }

    public void Dispose()
    {
        foreach (var pipe in open) pipe.Dispose();
        pump.Dispose();
        Directory.Delete(root, recursive: true);
    }

    void ICaptureObserver.Synced()
    {
    }

    private static async Task Until(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Soon, "it did not come about in time");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private (Pipe Pipe, CaptureStream Stream, OutputCapture Output) Start(string name, OutputSpec? spec = null)
    {
        var output = OutputCapture.Create(Path.Combine(root, name), spec ?? new(), [], this, TimeProvider.System).Value;
        var pipe = Pipe.Create();
        open.Add(pipe.Write);
        var stream = output.Attach(StreamKind.Stdout, pipe.Read);
        pump.Add(stream);
        return (pipe, stream, output);
    }

    private List<string> Stored(string name)
    {
        using var reader = SegmentReader.Open(Path.Combine(root, name), SegmentStart.Beginning, TimeProvider.System);
        var lines = new List<string>();
        while (reader.TryRead(out var block))
        {
            foreach (var line in block.Split()) lines.Add(Encoding.UTF8.GetString(line.Text.Span));
        }

        return lines;
    }
}
