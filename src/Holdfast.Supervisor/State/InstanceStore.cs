using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.State;

/// <summary>
/// What outlives a supervisor, two files per instance: <c>NAME.order.json</c>, synced before it is acknowledged, and its
/// <see cref="Memories">memory</see>. Orders come from sessions' threads, memories from the loop's.
/// </summary>
internal sealed class InstanceStore(string folder, Log log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, InstanceOrder> orders = new(StringComparer.Ordinal);
    private readonly Memories memories = new(folder, log);
    private string? orderTrouble;
    private bool frozen;

    /// <summary>Why something could not be written last time; null when all is well.</summary>
    public string? Trouble => orderTrouble ?? memories.Trouble;

    /// <summary>
    /// Everything that is known from before. An order that cannot be read is left where it is, and said; the others are not harmed.
    /// What a writer that died left unfinished is removed: call it before there is another one.
    /// </summary>
    public IReadOnlyList<(InstanceOrder Order, InstanceMemory? Memory)> Load()
    {
        var swept = DurableFolder.Sweep(folder);
        if (!swept.IsOk) log.Say(swept.Problems);
        var known = new List<(InstanceOrder, InstanceMemory?)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + InstanceOrder.FileSuffix).Order(StringComparer.Ordinal))
        {
            if (Read(path) is not { } order) continue;
            var name = order.Desired.Plan.Instance;
            orders[name] = order;
            known.Add((order, memories.Recall(name)));
        }

        return known;
    }

    /// <summary>Keeps the order for good, and then passes it on; orders of one instance are passed on as they were kept.</summary>
    public Outcome<Done> Keep(string instance, Func<InstanceOrder?, Outcome<InstanceOrder>> next, Action<InstanceOrder> pass)
    {
        lock (gate)
        {
            if (frozen) return new Problem(ProblemKind.Unavailable, "supervisor.handing-over", "the supervisor is being replaced by its next version") { Mend = "ask again" };
            var before = orders.GetValueOrDefault(instance);
            var judged = next(before);
            if (!judged.TryGet(out var order)) return Outcome.Failed<Done>(judged.Problems);
            if (ReferenceEquals(order, before)) return Outcome.Done;
            var written = DurableFile.Write(OrderOf(instance), JsonSerializer.SerializeToUtf8Bytes(order, SupervisionJson.Default.InstanceOrder));
            orderTrouble = written.IsOk ? null : written.Problems[0].ToString();
            if (!written.IsOk) return written;
            orders[instance] = order;
            pass(order);
            return Outcome.Done;
        }
    }

    /// <summary>No order is taken until <see cref="Thaw"/>; those that were taken have been passed on.</summary>
    public void Freeze()
    {
        lock (gate) frozen = true;
    }

    public void Thaw()
    {
        lock (gate) frozen = false;
    }

    /// <summary>The orders are those that the earlier image handed over; on disk they are already.</summary>
    public void TakeOver(IEnumerable<InstanceOrder> earlier)
    {
        lock (gate)
        {
            foreach (var order in earlier) orders[order.Desired.Plan.Instance] = order;
        }
    }

    public void Remember(string instance, InstanceMemory memory) => memories.Remember(instance, memory);

    /// <summary>Deletes what is kept of an instance, unless it was ordered anew meanwhile.</summary>
    public void Forget(string instance)
    {
        lock (gate)
        {
            if (orders.TryGetValue(instance, out var order) && !order.Leaving) return;
            orders.Remove(instance);
            foreach (var path in new[] { memories.Release(instance), OrderOf(instance) })
            {
                var deleted = DurableFile.Delete(path);
                if (!deleted.IsOk) log.Say(deleted.Problems);
            }
        }
    }

    private InstanceOrder? Read(string path)
    {
        try
        {
            var order = JsonSerializer.Deserialize(SharedFile.ReadAllBytes(path), SupervisionJson.Default.InstanceOrder);
            if (order?.Desired?.Plan?.Spec is not null && InstanceOrder.FileOf(order.Desired.Plan.Instance) == Path.GetFileName(path)) return order;
            log.Say($"{path} is left aside: it is not an order for the instance that it names");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            log.Say($"{path} is left aside: {failure.Message}");
        }

        return null;
    }

    private string OrderOf(string instance) => Path.Combine(folder, InstanceOrder.FileOf(instance));
}
