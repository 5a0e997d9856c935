using System.Text;
using Holdfast.Core.Shipping;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;
using Holdfast.Testing;

namespace Holdfast.Telemetry.Tests.Shipping;

/// <summary>Real segments, real cursors, and a receiver that fails as it is told.</summary>
public sealed class ShipperTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("holdfast-shipper-").FullName;
    private readonly MemorySink sink = new();

    private ShippedFolder Payments => new(new("node-1", "payments-0", "payments"), Path.Combine(root, "output", "payments-0"));

    private ShippedFolder Orders => new(new("node-1", "orders-0", "orders"), Path.Combine(root, "output", "orders-0"));

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Law06_every_line_of_every_stream_is_delivered_under_an_id_of_its_own()
    {
        Write(Payments, "one", "two", "panic: no", "", "goroutine 1 [running]:", "\t/src/a.go:1");
        Write(Orders, "three");
        await RunAsync(() => Count(Payments).Next == 7 && Count(Orders).Next == 2, Payments, Orders);
        Assert.Equal(["one", "panic: no\n\ngoroutine 1 [running]:\n\t/src/a.go:1", "three", "two"], sink.Messages.Order(StringComparer.Ordinal));
        Assert.Equal((6L, 6L, 0L, 0L), Flow(Count(Payments), written: 7));
        Assert.Equal(0, sink.Repeated);
    }

    [Fact]
    public async Task Lines_of_files_say_of_which_and_those_of_two_files_are_never_one_event()
    {
        var files = new ShippedFolder(new("node-1", "payments-0.files", "payments"), Path.Combine(root, "output", "payments-0.files"));
        using (var writer = SegmentWriter.OpenWithOrigins(files.Folder, new SegmentPolicy(), TimeProvider.System).Value)
        {
            Assert.Null(writer.Append(StreamKind.File, BlockFlags.None, TimeProvider.System.GetUtcNow(), "java.lang.Error: no\n"u8, 1, new("logs/a.log", 0, 20, "")));
            Assert.Null(writer.Append(StreamKind.File, BlockFlags.None, TimeProvider.System.GetUtcNow(), "\tat a.b(C.java:1)\n{\"msg\":\"json\",\"log.file.path\":\"mine\"}\n"u8, 2, new("logs/b.log", 0, 60, "")));
        }

        var lines = new List<string>();
        sink.Answer = (batch, asked) =>
        {
            lines.AddRange(asked.Select(i => Text(batch, i)));
            return new Delivery.Each([.. asked.Select(_ => new EventAnswer(EventEnd.Delivered))]);
        };
        await RunAsync(() => Count(files).Next == 4, files);
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.Contains("\"service.node.name\":\"payments-0\"", line, StringComparison.Ordinal));
        Assert.Contains("\"labels.stream\":\"file\",\"log.file.path\":\"logs/a.log\",\"event.sequence\":", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"log.file.path\":\"logs/b.log\"", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"line.log.file.path\":\"mine\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ends_a_line_on_Windows_is_no_part_of_its_event()
    {
        Write(Payments, "{\"msg\":\"json\"}\r", "text\r", "\tat a.b(C.java:1)\r");
        await RunAsync(() => Count(Payments).Next == 4, Payments);
        Assert.Equal(["json", "text\n\tat a.b(C.java:1)"], sink.Messages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_sink_goes_on_at_its_cursor_after_a_restart()
    {
        Write(Payments, "one", "two");
        await RunAsync(() => Count(Payments).Next == 3, Payments);
        Write(Payments, "three");
        await RunAsync(() => Count(Payments).Next == 4, Payments);
        Assert.Equal(["one", "three", "two"], sink.Messages.Order(StringComparer.Ordinal));
        Assert.Equal(0, sink.Repeated);
    }

    [Fact]
    public async Task A_sink_that_begins_with_what_comes_has_nothing_of_before()
    {
        Write(Payments, "old");
        await RunAsync(() => shipper!.Status.Streams.Count == 1, fromNow: true, Payments);
        Write(Payments, "new");
        await RunAsync(() => Count(Payments).Next == 3, fromNow: true, Payments);
        Assert.Equal(["new"], sink.Messages);
        Assert.Equal((1L, 1L, 0L, 0L), Flow(Count(Payments), written: 3));
    }

    [Fact]
    public async Task Law06_what_the_receiver_refuses_is_put_aside_with_its_reason_and_counted()
    {
        Write(Payments, "good", "bad", "good too");
        sink.Answer = (batch, asked) => new Delivery.Each([.. asked.Select(i => Text(batch, i).Contains("bad", StringComparison.Ordinal) ? new EventAnswer(EventEnd.Never, "400 no such field") : new(EventEnd.Delivered))]);
        await RunAsync(() => Count(Payments).Next == 4, Payments);
        Assert.Equal(["good", "good too"], sink.Messages.Order(StringComparer.Ordinal));
        Assert.Equal((3L, 2L, 1L, 0L), Flow(Count(Payments), written: 4));
        using var letters = JournalReader.Open(new SinkPlace(Path.Combine(root, "shipping"), "test").DeadLetters, 0, TimeProvider.System);
        var letter = Encoding.UTF8.GetString(letters.TryRead()!.Json.Span);
        Assert.StartsWith("{\"reason\":\"400 no such field\",\"stream\":\"payments-0\",\"lines\":1,\"event\":{\"@timestamp\":", letter, StringComparison.Ordinal);
        Assert.Contains("\"message\":\"bad\"", letter, StringComparison.Ordinal);
        Assert.Null(letters.TryRead());
    }

    [Fact]
    public async Task Law06_dead_letters_that_are_sent_again_are_delivered_or_dead_still()
    {
        Write(Payments, "good", "bad", "worse");
        var refused = new[] { "bad", "worse" };
        sink.Answer = (batch, asked) => new Delivery.Each([.. asked.Select(i => Array.Exists(refused, word => Text(batch, i).Contains(word, StringComparison.Ordinal)) ? new EventAnswer(EventEnd.Never, "400") : new(EventEnd.Delivered))]);
        await RunAsync(() => Count(Payments).PutAside == 2, Payments);
        refused = ["worse"];
        Task<RetriedLetters>? retrying = null;
        await RunAsync(() => Count(Payments).Next == 4 && (retrying ??= shipper!.RetryAsync()).IsCompleted, Payments);
        Assert.Equal(new RetriedLetters(1, 1), await retrying!);
        Assert.Equal((3L, 2L, 1L, 0L), Flow(Count(Payments), written: 4));
        Assert.Equal(["bad", "good"], sink.Messages.Order(StringComparer.Ordinal));

        // The one that was refused again is the only one that is sent when they are sent once more.
        refused = [];
        retrying = null;
        await RunAsync(() => Count(Payments).Next == 4 && (retrying ??= shipper!.RetryAsync()).IsCompleted, Payments);
        Assert.Equal(new RetriedLetters(1, 0), await retrying!);
        Assert.Equal((3L, 3L, 0L, 0L), Flow(Count(Payments), written: 4));
        Assert.Equal(0, sink.Repeated);
    }

    /// <summary>otel contrib#48635, vector#22954: what was deleted or lost meanwhile is missed by nobody.</summary>
    [Fact]
    public async Task Law06_lines_that_are_not_there_any_more_are_counted_as_lost_and_told()
    {
        Write(Payments, "one");
        using (var writer = Writer(Payments)) writer.AppendLoss(new Loss(StreamKind.Stdout, 41, 4_100, "the disk was full"), DateTimeOffset.UnixEpoch);
        Write(Payments, "two");
        await RunAsync(() => Count(Payments).Next == 44, Payments);
        Assert.Equal((43L, 2L, 0L, 41L), Flow(Count(Payments), written: 44));
        Assert.Contains("41 lines (4100 bytes) of stdout lost: the disk was full", sink.Messages);
    }

    [Fact]
    public async Task Law06_lines_that_went_before_the_first_delivery_are_lost_too_for_the_next_run_as_well()
    {
        using (var writer = SegmentWriter.Open(Payments.Folder, new SegmentPolicy { RotateBytes = 1 }, TimeProvider.System).Value)
        {
            Assert.Null(writer.Append(StreamKind.Stdout, BlockFlags.None, TimeProvider.System.GetUtcNow(), "one\ntwo\n"u8, 2));
            Assert.Null(writer.Append(StreamKind.Stdout, BlockFlags.None, TimeProvider.System.GetUtcNow(), "three\n"u8, 1));
        }

        var asked = false;
        sink.Answer = (_, _) =>
        {
            Volatile.Write(ref asked, true);
            return new Delivery.Nothing("nobody is there");
        };
        await RunAsync(() => Volatile.Read(ref asked), Payments);
        File.Delete(Directory.GetFiles(Payments.Folder, "*.seg").Order(StringComparer.Ordinal).First());
        sink.Answer = null;
        await RunAsync(() => Count(Payments).Next == 4, Payments);
        Assert.Equal((3L, 1L, 0L, 2L), Flow(Count(Payments), written: 4));
    }

    [Fact]
    public async Task An_output_that_was_purged_begins_anew_and_its_ids_are_others()
    {
        Write(Payments, "one");
        await RunAsync(() => Count(Payments).Next == 2, Payments);
        Directory.Delete(Payments.Folder, recursive: true);
        Write(Payments, "uno", "due");
        await RunAsync(() => Count(Payments).Next == 3, Payments);
        Assert.Equal(["due", "one", "uno"], sink.Messages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_output_that_is_purged_while_it_is_read_begins_anew_as_well()
    {
        Write(Payments, "one");
        var isPurged = false;
        await RunAsync(
            () =>
            {
                if (!isPurged && Count(Payments).Next == 2)
                {
                    isPurged = true;
                    Directory.Delete(Payments.Folder, recursive: true);
                    Write(Payments, "uno", "due");
                }

                return sink.Documents.Count == 3;
            },
            Payments);
        Assert.Equal(["due", "one", "uno"], sink.Messages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Trouble_is_told_with_its_time_and_gone_when_it_is()
    {
        var away = true;
        sink.Answer = (_, _) => away ? new Delivery.Nothing("the receiver is away") : null;
        Write(Payments, "one");
        await RunAsync(() => shipper!.Status.Trouble?.Why == "the receiver is away" && shipper.Status.Failures > 1, Payments);
        Assert.Empty(sink.Documents);
        away = false;
        await RunAsync(() => Count(Payments).Next == 2, Payments);
        Assert.Null(shipper!.Status.Trouble);
    }

    /// <summary>Law 6 through whatever a receiver does, and restarts in the middle of it.</summary>
    [Fact]
    public async Task Law06_the_ledger_balances_and_the_receiver_has_every_id_whatever_fails()
    {
        var chance = new Random(4);
        sink.Answer = (_, asked) => chance.Next(5) switch
        {
            0 => new Delivery.Nothing("away", TimeSpan.Zero),
            1 when asked.Count > 1 => new Delivery.TooMuch("413"),
            2 => new Delivery.Each([.. asked.Select(_ => new EventAnswer(chance.Next(3) == 0 ? EventEnd.Later : EventEnd.Delivered, "429"))]),
            _ => null,
        };
        var written = 1L;
        for (var life = 0; life < 12; life++)
        {
            Write(Payments, [.. Enumerable.Range(0, 50).Select(i => $"line {written + i}")]);
            written += 50;
            var stop = chance.Next(3) == 0 ? sink.Documents.Count + chance.Next(20) : int.MaxValue;
            await RunAsync(() => Count(Payments).Next == written || sink.Documents.Count > stop, Payments);
            Assert.True(Count(Payments).IsBalanced);
        }

        await RunAsync(() => Count(Payments).Next == written, Payments);
        Assert.Equal(Enumerable.Range(1, (int)written - 1).Select(i => $"line {i}").Order(StringComparer.Ordinal), sink.Messages.Order(StringComparer.Ordinal));
        Assert.Equal((written - 1, written - 1, 0L, 0L), Flow(Count(Payments), written));
    }

    private Shipper? shipper;

    private Task RunAsync(Func<bool> until, params ShippedFolder[] streams) => RunAsync(until, fromNow: false, streams);

    /// <summary>A life of the sink's shipper, until something has come to pass.</summary>
    private async Task RunAsync(Func<bool> until, bool fromNow, params ShippedFolder[] streams)
    {
        using var ending = new CancellationTokenSource();
        shipper = new(new(Path.Combine(root, "shipping"), "test"), sink, fromNow, TimeProvider.System)
        {
            Changed = () => streams,
            MoreAsync = cancel => Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancel),
        };
        await using (shipper)
        {
            var running = Task.Run(() => shipper.RunAsync(ending.Token));
            await Eventually.SeeAsync("what the shipper was to do", () => Task.FromResult(until() || running.IsFaulted), seen => seen);
            if (running.IsFaulted) await running;
            await ending.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private StreamCount Count(ShippedFolder shipped) => shipper!.Status.Streams.SingleOrDefault(one => one.Stream == shipped.Stream)?.Count ?? default;

    private static (long Produced, long Delivered, long PutAside, long Lost) Flow(StreamCount count, long written)
    {
        Assert.True(count.IsBalanced);
        return (count.Produced(written) - count.Queued(written), count.Delivered, count.PutAside, count.Lost);
    }

    private static void Write(ShippedFolder to, params string[] lines)
    {
        using var writer = Writer(to);
        Assert.Null(writer.Append(StreamKind.Stdout, BlockFlags.None, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), lines.Length));
    }

    private static SegmentWriter Writer(ShippedFolder to) => SegmentWriter.Open(to.Folder, new SegmentPolicy { KeepAge = TimeSpan.FromDays(36_500) }, TimeProvider.System).Value;

    private static string Text(EventBatch batch, int index) => Encoding.UTF8.GetString(batch.Line(index).Span);
}
