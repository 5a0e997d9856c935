using System.Collections.Concurrent;
using System.Text;
using Holdfast.Core.Shipping;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;
using Holdfast.Testing;

namespace Holdfast.Telemetry.Tests.Shipping;

/// <summary>While a full batch is on its way the next one is filled: what becomes of both when something fails in between.</summary>
public sealed class ShipperFlightTests : IDisposable
{
    /// <summary>So many of them are more than a batch.</summary>
    private const int LineBytes = 30_000, MoreThanABatch = 40;

    private readonly string root = Directory.CreateTempSubdirectory("holdfast-flight-").FullName;
    private readonly MemorySink sink = new();
    private readonly ConcurrentDictionary<string, long> written = new(StringComparer.Ordinal);
    private CancellationTokenSource life = new();
    private Shipper? shipper;
    private int looks;
    private Action looked = () => { };

    private ShippedFolder Payments => Folder("payments-0");

    public void Dispose()
    {
        life.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task The_next_batch_is_filled_while_a_full_one_is_on_its_way()
    {
        Write(Payments, 2 * MoreThanABatch);
        var seen = false;
        sink.Answer = (batch, _) =>
        {
            // Nobody looks for what is new but to fill a batch: the second look is for the second one.
            if (batch.Id(0).EndsWith(".1", StringComparison.Ordinal)) seen = SpinWait.SpinUntil(() => Volatile.Read(ref looks) > 1, TimeSpan.FromSeconds(30));
            return null;
        };
        await RunAsync(() => IsSettled(Payments), Payments);
        Assert.True(seen, "it was filled only afterwards");
        Assert.Equal(0, sink.Repeated);
    }

    [Fact]
    public async Task Law06_while_a_batch_fails_the_one_behind_it_waits_and_no_cursor_passes_it()
    {
        Write(Payments, 3 * MoreThanABatch);
        List<string> order = [];
        var failures = 0;
        sink.Answer = (batch, asked) =>
        {
            Assert.True(order.Count > 0 || Count(Payments).Next <= 1, "the cursor has passed what is on its way");
            if (order.Count == 0 && failures++ < 4) return new Delivery.Nothing("away", TimeSpan.Zero);
            order.AddRange(asked.Select(batch.Id));
            return null;
        };
        await RunAsync(() => IsSettled(Payments), Payments);
        Assert.Equal(5, failures);
        Assert.Equal(Enumerable.Range(1, 3 * MoreThanABatch), order.Select(Sequence));
        Assert.Equal(0, sink.Repeated);
    }

    [Fact]
    public async Task Law06_what_is_put_aside_of_two_batches_is_counted_in_its_own()
    {
        Write(Payments, 2 * MoreThanABatch);
        sink.Answer = (batch, asked) => new Delivery.Each([.. asked.Select(one => Sequence(batch.Id(one)) % 10 == 0 ? new EventAnswer(EventEnd.Never, "400") : new(EventEnd.Delivered))]);
        await RunAsync(() => IsSettled(Payments), Payments);
        Assert.Equal((2 * MoreThanABatch * 9 / 10, 2 * MoreThanABatch / 10), ((int)Count(Payments).Delivered, (int)Count(Payments).PutAside));
        Assert.True(Count(Payments).IsBalanced);
    }

    [Fact]
    public async Task Law06_what_the_receiver_took_while_it_was_told_to_end_does_not_come_again()
    {
        Write(Payments, 2 * MoreThanABatch);
        sink.Answer = (_, _) =>
        {
            life.Cancel();
            return null;
        };
        await RunAsync(() => life.IsCancellationRequested, Payments);
        Assert.True(Count(Payments).Next > 1, "it was not settled");
        Assert.True(Count(Payments).Next <= MoreThanABatch, "what never left was settled");
        sink.Answer = null;
        await RunAsync(() => IsSettled(Payments), Payments);
        Assert.Equal((2 * MoreThanABatch, 0), (sink.Documents.Count, sink.Repeated));
    }

    [Fact]
    public async Task Law06_what_was_on_its_way_unanswered_comes_again()
    {
        Write(Payments, 2 * MoreThanABatch);
        sink.Answer = (_, _) => new Delivery.Nothing("away", TimeSpan.FromDays(1));
        await RunAsync(() => looks > 1 && shipper!.Status.Trouble?.Why == "away", Payments);
        Assert.Equal(1, Count(Payments).Next);
        sink.Answer = null;
        await RunAsync(() => IsSettled(Payments), Payments);
        Assert.Equal((2 * MoreThanABatch, 0), (sink.Documents.Count, sink.Repeated));
    }

    [Fact]
    public async Task Law06_an_output_that_is_purged_while_a_batch_is_on_its_way_begins_anew()
    {
        Write(Payments, MoreThanABatch);
        var isPurged = false;
        looked = () =>
        {
            // For the second batch, while the first one is on its way.
            if (looks != 2) return;
            Directory.Delete(Payments.Folder, recursive: true);
            written.Clear();
            Write(Payments, 3);
            Volatile.Write(ref isPurged, true);
        };
        sink.Answer = (_, _) => SpinWait.SpinUntil(() => Volatile.Read(ref isPurged), TimeSpan.FromSeconds(30)) ? null : throw new InvalidOperationException("The next batch was not filled meanwhile.");
        await RunAsync(() => Volatile.Read(ref isPurged) && IsSettled(Payments), Payments);
        Assert.Equal((1L, 4L, 3L, 0L), (Count(Payments).From, Count(Payments).Next, Count(Payments).Delivered, Count(Payments).Lost));
        Assert.Equal(0, sink.Repeated);
    }

    /// <summary>Whatever a receiver does, in lives that end anywhere: each line is there, each stream in its order, and the ledger is right after each life.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Law06_nothing_is_lost_or_out_of_order_whatever_fails(int seed)
    {
        var chance = new Random(seed);
        ShippedFolder[] streams = [Payments, Folder("orders-0"), Folder("cards-0")];
        Dictionary<string, int> last = new(StringComparer.Ordinal);
        var end = int.MaxValue;
        sink.Answer = (batch, asked) =>
        {
            switch (chance.Next(6))
            {
                case 0:
                    return new Delivery.Nothing("away", TimeSpan.Zero);
                case 1 when asked.Count > 1:
                    return new Delivery.TooMuch("413");
            }

            foreach (var id in asked.Select(batch.Id))
            {
                var stream = id[..id.LastIndexOf('.')];
                // A later one before an earlier one; that one comes again in another life is no harm.
                Assert.True(Sequence(id) <= last.GetValueOrDefault(stream) + 1, $"seed {seed}: {id} after {last.GetValueOrDefault(stream)}");
                last[stream] = Math.Max(last.GetValueOrDefault(stream), Sequence(id));
            }

            if (--end == 0) life.Cancel();
            return null;
        };
        for (var life = 0; life < 10; life++)
        {
            foreach (var stream in streams) Write(stream, chance.Next(1, 2 * MoreThanABatch));
            end = chance.Next(1, 6);
            await RunAsync(() => streams.All(IsSettled), streams);
            Assert.All(streams, stream => Assert.True(Count(stream).IsBalanced));
        }

        end = int.MaxValue;
        await RunAsync(() => streams.All(IsSettled), streams);
        Assert.Equal(written.Values.Sum(), sink.Documents.Count);
        Assert.All(streams, stream => Assert.Equal(written[stream.Stream.Name], Count(stream).Delivered));
    }

    /// <summary>A life of the sink's shipper, until something has come to pass or it was ended.</summary>
    private async Task RunAsync(Func<bool> until, params ShippedFolder[] streams)
    {
        life.Dispose();
        life = new();
        shipper = new(new(Path.Combine(root, "shipping"), "test"), sink, fromNow: false, TimeProvider.System)
        {
            Changed = () =>
            {
                Interlocked.Increment(ref looks);
                looked();
                return streams;
            },
            MoreAsync = cancel => Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancel),
        };
        await using (shipper)
        {
            var running = Task.Run(() => shipper.RunAsync(life.Token));
            await Eventually.SeeAsync("what the shipper was to do", () => Task.FromResult(until() || running.IsCompleted), seen => seen);
            if (running.IsFaulted) await running;
            await life.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(running.IsFaulted, $"{running.Exception}");
        }
    }

    private ShippedFolder Folder(string name) => new(new("node-1", name, name[..^2]), Path.Combine(root, "output", name));

    private StreamCount Count(ShippedFolder shipped) => shipper!.Status.Streams.SingleOrDefault(one => one.Stream == shipped.Stream)?.Count ?? default;

    private bool IsSettled(ShippedFolder shipped) => Count(shipped).Next == written.GetValueOrDefault(shipped.Stream.Name) + 1;

    private static int Sequence(string id) => int.Parse(id[(id.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private void Write(ShippedFolder to, int lines)
    {
        using var writer = SegmentWriter.Open(to.Folder, new SegmentPolicy { KeepAge = TimeSpan.FromDays(36_500), RotateBytes = 5 * LineBytes }, TimeProvider.System).Value;
        var line = Encoding.UTF8.GetBytes(new string('x', LineBytes) + "\n");
        for (var i = 0; i < lines; i++) Assert.Null(writer.Append(StreamKind.Stdout, BlockFlags.None, DateTimeOffset.UnixEpoch, line, 1));
        written[to.Stream.Name] = written.GetValueOrDefault(to.Stream.Name) + lines;
    }
}
