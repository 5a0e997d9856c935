using Holdfast.Core.Problems;
using Holdfast.Core.Shipping;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Shipping;

/// <summary>
/// Keeps a shipper running for each sink of <c>policy/sinks.yaml</c>, and takes changes of that file while it runs: what has not changed in it goes on undisturbed, and a file with a mistake
/// changes nothing.
/// </summary>
internal sealed class ShippingKeeper(Home home, string node, ServiceForms forms, SegmentKeys keys, TimeProvider time, ILogger<ShippingKeeper> log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Running> running = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<NamedSink> sinks = [];
    private volatile bool isKnown;
    private string? taken;

    /// <summary>The sinks that run, by name.</summary>
    public IReadOnlyList<NamedSink> Sinks => sinks;

    /// <summary>What is wrong with the file; the sinks that run are those of before it was. Empty: nothing.</summary>
    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    /// <summary>
    /// Tells whether no sink needs what comes before a sequence of a stream: by the stream, its folder and the sequence, as it was when this was asked. Nothing is settled before it is known what sinks
    /// there are.
    /// </summary>
    public Func<EventStream, string, long, bool> Settled()
    {
        if (!isKnown) return (_, _, _) => false;
        var now = sinks.Select(sink => (sink.Definition, Streams: sink.Shipper.Status.Streams.ToDictionary(one => one.Folder, one => one.Count.Next, StringComparer.Ordinal))).ToList();
        return (stream, folder, next) => now.TrueForAll(sink => !sink.Definition.Delivers(stream) || (sink.Streams.TryGetValue(folder, out var settled) && settled >= next));
    }

    /// <summary>Whether a stream of the node's own is delivered, and from where on; from any thread.</summary>
    public StreamDemand DemandFor(string stream)
    {
        var own = new EventStream(node, stream, null);
        var wanting = sinks.Where(sink => sink.Definition.Delivers(own)).ToList();
        return wanting.Count == 0 ? StreamDemand.None : wanting.TrueForAll(sink => sink.Definition.FromNow) ? StreamDemand.FromNow : StreamDemand.FromOldest;
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await TakeAsync(cancel);
                await Task.Delay(LookEvery, time, cancel);
            }
        }
        finally
        {
            foreach (var one in running.Values.ToList()) await EndAsync(one);
        }
    }

    private async Task TakeAsync(CancellationToken cancel)
    {
        var text = SinksFile.Text(home);
        if (text.IsOk && text.Value == taken) return;
        var read = text.Then(content => SinksFile.Parse(content, SinksFile.Of(home), time));
        if (!read.TryGet(out var wanted))
        {
            if (!Problems.SequenceEqual(read.Problems)) Log.SinksNotRead(log, string.Join("; ", read.Problems));
            Problems = read.Problems;
            taken = text.IsOk ? text.Value : null;
            return;
        }

        (taken, Problems) = (text.Value, []);
        foreach (var gone in running.Values.Where(one => !wanted.Any(sink => sink.Name == one.Definition.Name && sink.Text == one.Definition.Text)).ToList())
        {
            Log.SinkEnds(log, gone.Definition.Name);
            await EndAsync(gone);
        }

        foreach (var definition in wanted.Where(sink => !running.ContainsKey(sink.Name))) Begin(definition, cancel);
        sinks = [.. running.Values.Select(one => new NamedSink(one.Definition, one.Shipper)).OrderBy(sink => sink.Name, StringComparer.Ordinal)];
        isKnown = true;
    }

    private void Begin(SinkDefinition definition, CancellationToken cancel)
    {
        Log.SinkBegins(log, definition.Name, definition.Kind);
        var watch = new StreamWatch(home, node, definition.Delivers, forms, keys, time);
        var shipper = new Shipper(new(home.Shipping, definition.Name), definition.Open(), definition.FromNow, time) { Changed = watch.Take, MoreAsync = watch.MoreAsync };
        var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        running[definition.Name] = new(definition, shipper, watch, ending, RunAsync(definition.Name, shipper, ending.Token));
    }

    /// <summary>A bug in one sink ends neither the others nor the agent: it is told, and the sink goes on at its cursor.</summary>
    private async Task RunAsync(string name, Shipper shipper, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => shipper.RunAsync(cancel), cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                Log.SinkFailed(log, name, bug);
                await Task.Delay(LookEvery, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task EndAsync(Running one)
    {
        await one.Ending.CancelAsync();
        await one.Loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await one.Shipper.DisposeAsync();
        one.Watch.Dispose();
        one.Ending.Dispose();
        running.Remove(one.Definition.Name);
    }

    private sealed record Running(SinkDefinition Definition, Shipper Shipper, StreamWatch Watch, CancellationTokenSource Ending, Task Loop);
}

/// <summary>A sink that runs.</summary>
internal sealed record NamedSink(SinkDefinition Definition, Shipper Shipper)
{
    public string Name => Definition.Name;

    public string Kind => Definition.Kind;
}

/// <summary>What the sinks want of a stream.</summary>
internal enum StreamDemand
{
    /// <summary>None delivers it.</summary>
    None,

    /// <summary>Those that deliver it begin with what comes.</summary>
    FromNow,

    /// <summary>At least one begins with the oldest that is there.</summary>
    FromOldest,
}
