using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Telemetry.Sources;

namespace Holdfast.Node.Metrics;

/// <summary>What an instance uses, and its share of one core since the last look (without one, since its start); null: not known.</summary>
internal sealed record TrackedUsage(double? CpuShare, InstanceUsage? Usage);

/// <summary>Reads what instances use from their containers, and remembers the last look to tell the share of a core.</summary>
internal sealed class UsageTracker(TimeProvider time)
{
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(1);
    private static readonly TrackedUsage unknown = new(null, null);

    private readonly Lock gate = new();
    private Dictionary<string, Look> last = [];

    private sealed record Look(int Pid, long At, TimeSpan Cpu);

    /// <summary>By instance, for every status given.</summary>
    public IReadOnlyDictionary<string, TrackedUsage> Read(IReadOnlyCollection<InstanceStatus> statuses)
    {
        var contained = statuses.Where(status => status.Containment.Id is not null && status.Pid is not null).ToList();
        var usages = ContainerUsage.ReadAll([.. contained.Select(status => status.Containment.Id!)]);
        var result = statuses.ToDictionary(status => status.Instance, _ => unknown);
        lock (gate)
        {
            var looks = new Dictionary<string, Look>();
            foreach (var (status, usage) in contained.Zip(usages))
            {
                if (usage is null)
                    continue;
                var now = new Look(status.Pid!.Value, time.GetTimestamp(), usage.Cpu);
                var before = last.GetValueOrDefault(status.Instance) is { } look && look.Pid == now.Pid ? look : null;
                result[status.Instance] = new(Share(status, now, before), Message(status, usage));
                looks[status.Instance] = before is not null && time.GetElapsedTime(before.At, now.At) < ShortestSpan ? before : now;
            }

            last = looks;
        }

        return result;
    }

    private double? Share(InstanceStatus status, Look now, Look? before)
    {
        if (before is not null && time.GetElapsedTime(before.At, now.At) is var span && span >= ShortestSpan)
            return Math.Max(0, (now.Cpu - before.Cpu) / span);
        return status.StartedAt is { } start && time.GetUtcNow() - start is var lived && lived > TimeSpan.Zero
            ? Math.Max(0, now.Cpu / lived)
            : null;
    }

    private static InstanceUsage Message(InstanceStatus status, ContainerUsage usage) => new()
    {
        CpuSeconds = usage.Cpu.TotalSeconds,
        ResidentBytes = usage.ResidentBytes,
        Processes = usage.Processes,
        OpenFiles = ProcessFacts.OpenFiles(status.Pid!.Value),
    };
}
