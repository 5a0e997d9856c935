namespace Holdfast.Telemetry.Metrics;

/// <summary>What the process tree of an instance uses.</summary>
internal static class UsageFamilies
{
    public static IEnumerable<MetricFamily> Collect(IReadOnlyList<MeasuredInstance> instances)
    {
        var start = new FamilyBuilder("holdfast_instance_start_time_seconds", MetricKind.Gauge, "When the running process was started, since 1970.", "seconds");
        var cpu = new FamilyBuilder("holdfast_instance_cpu_seconds_total", MetricKind.Counter, "Processor time of the whole process tree.", "seconds");
        var memory = new FamilyBuilder("holdfast_instance_memory_resident_bytes", MetricKind.Gauge, "Resident memory of the whole process tree.", "bytes");
        var processes = new FamilyBuilder("holdfast_instance_processes", MetricKind.Gauge, "Processes of the tree.");
        var files = new FamilyBuilder("holdfast_instance_open_files", MetricKind.Gauge, "Open files of the tree.");
        foreach (var instance in instances)
        {
            if (instance.Status is { Pid: not null, StartedAt: { } started })
                start.Add(Seconds.Since1970(started), instance.Labels);
            if (instance.Usage?.CpuSeconds is { } seconds)
                cpu.Add(seconds, instance.Labels);
            if (instance.Usage?.ResidentBytes is { } bytes)
                memory.Add(bytes, instance.Labels);
            if (instance.Usage?.Processes is { } count)
                processes.Add(count, instance.Labels);
            if (instance.Usage?.OpenFiles is { } open)
                files.Add(open, instance.Labels);
        }

        return [start.Build(), cpu.Build(), memory.Build(), processes.Build(), files.Build()];
    }
}
