using System.Text;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>By what the table is ordered.</summary>
internal enum TopOrder
{
    Cpu,
    Memory,
    Restarts,
    Name,
}

/// <summary>What instances have used in the last looks, and the table of it. It has no clock and no terminal: looks are given to it.</summary>
internal sealed class TopView
{
    /// <summary>Looks that a line shows.</summary>
    public const int Width = 20;

    /// <summary>A tenth of a core, and 16 MiB: less than that is no mountain.</summary>
    private const double LeastCpu = 0.1, LeastMemory = 16 << 20;

    private readonly Dictionary<(string Node, string Instance), Past> past = [];
    private readonly Dictionary<string, long> delivered = new(StringComparer.Ordinal);
    private readonly List<string> rates = [];
    private ListInstancesResponse instances = new();
    private LedgerResponse ledger = new();
    private DateTimeOffset now;

    /// <summary>Takes what is now.</summary>
    public void Look(ListInstancesResponse seen, LedgerResponse counted, DateTimeOffset at)
    {
        var since = at - now;
        (instances, ledger, now) = (seen, counted, at);
        foreach (var one in seen.Instances)
        {
            var key = (one.Node, one.Instance_);
            if (!past.TryGetValue(key, out var known)) past[key] = known = new();
            known.Add(one.Cpu, one.MemoryBytes);
        }

        foreach (var gone in past.Keys.Except(seen.Instances.Select(one => (one.Node, one.Instance_))).ToList()) past.Remove(gone);
        rates.Clear();
        rates.AddRange(counted.Sinks.Select(sink => Rate(sink, since)));
    }

    /// <param name="order">By what rows are ordered; the largest first.</param>
    /// <param name="rows">Of instances, at most; the number of those left out is told.</param>
    public string Text(TopOrder order, int rows)
    {
        var text = new StringBuilder();
        text.Append(Summary()).Append('\n');
        var table = new Table("INSTANCE", "STATE", "HEALTH", "CPU", "", "MEM", "", "RESTARTS", "UPTIME");
        var ordered = Ordered(order).ToList();
        foreach (var one in ordered.Take(rows)) table.Add(Row(one));
        text.Append(table);
        if (ordered.Count > rows) text.Append($"… and {ordered.Count - rows} more\n");
        if (ordered.Count == 0) text.Append("no service is here yet\n");
        foreach (var (index, sink) in ledger.Sinks.Index()) text.Append(Sink(sink, rates[index])).Append('\n');
        return text.ToString();
    }

    private string Summary()
    {
        var all = instances.Instances;
        var parts = all.GroupBy(one => one.State, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}");
        var cpu = all.Where(one => one.Cpu > 0).Sum(one => one.Cpu);
        var memory = all.Where(one => one.MemoryBytes > 0).Sum(one => one.MemoryBytes);
        return $"{Human.Time(Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(now))}  {all.Count} instances: {string.Join(", ", parts)}  CPU {Human.Share(cpu)}  MEM {Human.Size(memory)}";
    }

    private IEnumerable<Instance> Ordered(TopOrder order)
    {
        var byName = instances.Instances.OrderBy(one => one.Instance_, StringComparer.Ordinal).ThenBy(one => one.Node, StringComparer.Ordinal);
        return order switch
        {
            TopOrder.Memory => byName.OrderByDescending(one => one.MemoryBytes),
            TopOrder.Restarts => byName.OrderByDescending(one => one.Restarts),
            TopOrder.Name => byName,
            _ => byName.OrderByDescending(one => one.Cpu),
        };
    }

    private string[] Row(Instance one)
    {
        var known = past[(one.Node, one.Instance_)];
        return
        [
            one.Instance_,
            one is { StandsBy: true, State: "running" } ? "standby" : one.State,
            one.Health,
            Human.Share(one.Cpu),
            Sparkline.Of(known.Cpu, LeastCpu, Width),
            Human.Size(one.MemoryBytes),
            Sparkline.Of(known.Memory, LeastMemory, Width),
            $"{one.Restarts}",
            one.Pid > 0 && one.StartedAt is { } started ? Human.Duration(now - started.ToDateTimeOffset()) : "",
        ];
    }

    private string Rate(SinkLedger sink, TimeSpan since)
    {
        var lines = sink.Streams.Sum(stream => stream.Delivered);
        var had = delivered.TryGetValue(sink.Name, out var before);
        delivered[sink.Name] = lines;
        return had && since > TimeSpan.Zero ? $"{Math.Max(0, (lines - before) / since.TotalSeconds):0} lines/s" : "";
    }

    private static string Sink(SinkLedger sink, string rate)
    {
        long queued = 0, dead = 0, lost = 0;
        foreach (var stream in sink.Streams) (queued, dead, lost) = (queued + stream.Queued, dead + stream.Dead, lost + stream.Lost);
        var parts = new[] { rate, $"{queued} queued", dead > 0 ? $"{dead} dead" : "", lost > 0 ? $"{lost} lost" : "", sink.Trouble.Length > 0 ? Printable.Text(sink.Trouble).ReplaceLineEndings(" ") : "" };
        return $"{sink.Name}: {string.Join(", ", parts.Where(part => part.Length > 0))}";
    }

    /// <summary>The last looks at one instance.</summary>
    private sealed class Past
    {
        public Queue<double> Cpu { get; } = new();

        public Queue<double> Memory { get; } = new();

        public void Add(double cpu, double memory)
        {
            Cpu.Enqueue(cpu);
            Memory.Enqueue(memory);
            if (Cpu.Count <= Width) return;
            Cpu.Dequeue();
            Memory.Dequeue();
        }
    }
}
