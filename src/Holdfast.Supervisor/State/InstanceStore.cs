using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.State;

/// <summary>
/// What outlives a supervisor, two files per instance: <c>NAME.order.json</c>, synced before it is acknowledged, and
/// <c>NAME.memory.json</c> (counters), which must outlive the process but not a power cut, and so is renamed into place unsynced:
/// it lies on the way of every restart. Orders come from sessions' threads, memories from the loop's.
/// </summary>
internal sealed class InstanceStore(string folder, Log log)
{
    private const string OrderSuffix = ".order.json";
    private const string MemorySuffix = ".memory.json";

    private readonly Lock gate = new();
    private readonly Dictionary<string, InstanceOrder> orders = new(StringComparer.Ordinal);

    /// <summary>Why something could not be written last time; null when all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Everything that is known from before. A file that cannot be read is left where it is, and said.</summary>
    public IReadOnlyList<(InstanceOrder Order, InstanceMemory? Memory)> Load()
    {
        var known = new List<(InstanceOrder, InstanceMemory?)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + OrderSuffix).Order(StringComparer.Ordinal))
        {
            var order = Read(path, StateJson.Default.InstanceOrder);
            if (order is null) continue;
            var name = order.Desired.Plan.Instance;
            orders[name] = order;
            known.Add((order, Read(PathOf(name, MemorySuffix), SupervisionJson.Default.InstanceMemory)));
        }

        return known;
    }

    /// <summary>Keeps the order for good, and then passes it on; orders of one instance are passed on as they were kept.</summary>
    public Outcome<Done> Keep(string instance, Func<InstanceOrder?, Outcome<InstanceOrder>> next, Action<InstanceOrder> pass)
    {
        lock (gate)
        {
            var before = orders.GetValueOrDefault(instance);
            var judged = next(before);
            if (!judged.TryGet(out var order)) return Outcome.Failed<Done>(judged.Problems);
            if (ReferenceEquals(order, before)) return Outcome.Done;
            var written = DurableFile.Write(PathOf(instance, OrderSuffix), JsonSerializer.SerializeToUtf8Bytes(order, StateJson.Default.InstanceOrder));
            Trouble = written.IsOk ? null : written.Problems[0].ToString();
            if (!written.IsOk) return written;
            orders[instance] = order;
            pass(order);
            return Outcome.Done;
        }
    }

    public void Remember(string instance, InstanceMemory memory)
    {
        var path = PathOf(instance, MemorySuffix);
        try
        {
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(memory, SupervisionJson.Default.InstanceMemory));
            File.Move(path + ".new", path, overwrite: true);
            Trouble = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The instance goes on: its counters are still in memory, and the next change tries again.
            Trouble = $"{path} cannot be written: {failure.Message}";
            log.Say(Trouble);
        }
    }

    /// <summary>Deletes what is kept of an instance, unless it was ordered anew meanwhile.</summary>
    public void Forget(string instance)
    {
        lock (gate)
        {
            if (orders.TryGetValue(instance, out var order) && !order.Leaving) return;
            orders.Remove(instance);
            foreach (var suffix in new[] { MemorySuffix, OrderSuffix })
            {
                var deleted = DurableFile.Delete(PathOf(instance, suffix));
                if (!deleted.IsOk) log.Say(deleted.Problems);
            }
        }
    }

    private T? Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            log.Say($"{path} is left aside: {failure.Message}");
            return null;
        }
    }

    private string PathOf(string instance, string suffix) => Path.Combine(folder, instance + suffix);
}
