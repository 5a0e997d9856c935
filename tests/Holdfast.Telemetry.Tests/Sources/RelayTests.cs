using System.IO.Pipes;
using System.Text;
using Holdfast.Core.Shipping;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;
using Holdfast.Telemetry.Sources;
using Holdfast.Telemetry.Sources.Segments;
using Holdfast.Telemetry.Sources.StandardInput;
using Holdfast.Telemetry.Tests.Shipping;
using Holdfast.Testing;

namespace Holdfast.Telemetry.Tests.Sources;

/// <summary>A source, a sink, and what becomes of each line in between.</summary>
public sealed class RelayTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("holdfast-relay-").FullName;
    private readonly MemorySink sink = new();

    private SinkPlace Place => new(root, "test");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Lines_of_a_pipe_are_events_and_its_end_is_the_relays()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes("one\r\n\n{\"msg\":\"two\"}\n" + new string('x', 600_000) + "\nlast"));
        var streams = await RunAsync(new StandardInputSource(input, TimeProvider.System));
        Assert.Equal(["", "last", "one", "two"], sink.Messages.Where(text => text.Length < 100).Order(StringComparer.Ordinal));
        Assert.Equal(600_000, sink.Messages.Where(text => text.Length > 100).Sum(text => text.Length));
        Assert.Equal((6L, 6L, 0L, 0L), Flow(streams));
    }

    [Fact]
    public async Task Law06_lines_of_a_pipe_that_are_refused_are_dead_letters_and_counted()
    {
        sink.Answer = (batch, asked) => new Delivery.Each([.. asked.Select(i => Encoding.UTF8.GetString(batch.Line(i).Span).Contains("bad", StringComparison.Ordinal) ? new EventAnswer(EventEnd.Never, "400") : new(EventEnd.Delivered))]);
        using var input = new MemoryStream("one\nbad\ntwo\n"u8.ToArray());
        var streams = await RunAsync(new StandardInputSource(input, TimeProvider.System));
        Assert.Equal((3L, 2L, 1L, 0L), Flow(streams));
        using var letters = JournalReader.Open(Place.DeadLetters, 0, TimeProvider.System);
        Assert.Contains("\"message\":\"bad\"", Encoding.UTF8.GetString(letters.TryRead()!.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_to_stop_settles_what_is_out_and_takes_nothing_more()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var stop = new CancellationTokenSource();
        sink.Answer = (_, _) =>
        {
            stop.Cancel();
            return null;
        };
        await using var relay = new Relay(Place, new StandardInputSource(new AnonymousPipeClientStream(PipeDirection.In, pipe.GetClientHandleAsString()), TimeProvider.System), sink, _ => { }, TimeProvider.System);
        var running = relay.RunAsync(once: false, stop.Token);
        await pipe.WriteAsync("one\n"u8.ToArray());
        await running;
        Assert.Equal((1L, 1L, 0L, 0L), Flow(relay.Streams));
    }

    [Fact]
    public async Task A_stream_of_segments_has_the_ids_that_the_nodes_own_sinks_give_and_goes_on_at_its_cursor()
    {
        var shipped = new ShippedFolder(new("node-1", "payments-0", "payments"), Path.Combine(root, "output", "payments-0"));
        Write(shipped, "one", "two");
        Assert.Equal((2L, 2L, 0L, 0L), Flow(await RunAsync(SegmentSource.Open(shipped, Place, fromNow: false, TimeProvider.System))));
        Assert.All(sink.Documents.Keys, id => Assert.Matches("^node-1\\.payments-0\\.[0-9a-f]{12}\\.[12]$", id));
        Write(shipped, "three");
        Assert.Equal((3L, 3L, 0L, 0L), Flow(await RunAsync(SegmentSource.Open(shipped, Place, fromNow: false, TimeProvider.System))));
        Assert.Equal(["one", "three", "two"], sink.Messages.Order(StringComparer.Ordinal));
        Assert.Equal(0, sink.Repeated);
    }

    [Fact]
    public async Task A_stream_at_rest_costs_the_disk_nothing()
    {
        var shipped = new ShippedFolder(new("node-1", "payments-0", "payments"), Path.Combine(root, "output", "payments-0"));
        Write(shipped, "{\"msg\":\"one\"}");
        await using var source = SegmentSource.Open(shipped, Place, fromNow: false, TimeProvider.System);
        var batch = new EventBatch();
        await source.FillAsync(batch, 1 << 20, CancellationToken.None);
        source.Settle([0]);
        // Each write of a cursor has a number of its own.
        var cursor = File.ReadAllBytes(Place.CursorOf(shipped.Stream));
        batch.Clear();
        await source.FillAsync(batch, 1 << 20, CancellationToken.None);
        source.Settle([]);
        Assert.Empty(batch.Events);
        Assert.Equal(cursor, File.ReadAllBytes(Place.CursorOf(shipped.Stream)));
    }

    [Fact]
    public async Task Trouble_of_the_sink_is_told_once_and_its_end_as_well()
    {
        var failures = 3;
        sink.Answer = (_, _) => failures-- > 0 ? new Delivery.Nothing("away", TimeSpan.Zero) : null;
        List<string?> told = [];
        using var input = new MemoryStream("one\n"u8.ToArray());
        await using (var relay = new Relay(Place, new StandardInputSource(input, TimeProvider.System), sink, told.Add, TimeProvider.System)) await relay.RunAsync(once: true, CancellationToken.None);
        Assert.Equal(["away", null], told);
    }

    private async Task<IReadOnlyList<SourceStream>> RunAsync(IEventSource source)
    {
        await using var relay = new Relay(Place, source, sink, _ => { }, TimeProvider.System);
        await relay.RunAsync(once: true, CancellationToken.None);
        return relay.Streams;
    }

    private static (long Produced, long Delivered, long PutAside, long Queued) Flow(IReadOnlyList<SourceStream> streams)
    {
        var one = streams.Single();
        Assert.True(one.Count.IsBalanced);
        return (one.Count.Produced(one.Written), one.Count.Delivered, one.Count.PutAside, one.Count.Queued(one.Written));
    }

    private static void Write(ShippedFolder to, params string[] lines)
    {
        using var writer = SegmentWriter.Open(to.Folder, new SegmentPolicy { KeepAge = TimeSpan.FromDays(36_500) }, TimeProvider.System).Value;
        Assert.Null(writer.Append(StreamKind.Stdout, BlockFlags.None, TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), lines.Length));
    }
}
