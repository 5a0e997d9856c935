namespace Holdfast.Telemetry.Metrics;

/// <summary>
/// The names that process-exporter uses, for dashboards and alerts that know them: a group is a service, and its values are the sums
/// (or the oldest) of its instances.
/// </summary>
internal static class NamedProcessFamilies
{
    public static IEnumerable<MetricFamily> Collect(IReadOnlyList<MeasuredInstance> instances)
    {
        var processes = new FamilyBuilder("namedprocess_namegroup_num_procs", MetricKind.Gauge, "Processes of the service.");
        var cpu = new FamilyBuilder("namedprocess_namegroup_cpu_seconds_total", MetricKind.Counter, "Processor time of the service, by mode.", "seconds");
        var memory = new FamilyBuilder("namedprocess_namegroup_memory_bytes", MetricKind.Gauge, "Memory of the service, by type.", "bytes");
        var files = new FamilyBuilder("namedprocess_namegroup_open_filedesc", MetricKind.Gauge, "Open files of the service.");
        var oldest = new FamilyBuilder("namedprocess_namegroup_oldest_start_time_seconds", MetricKind.Gauge, "When the oldest running process of the service was started, since 1970.", "seconds");
        foreach (var service in instances.GroupBy(i => i.Status.Service, StringComparer.Ordinal))
        {
            var group = new Label("groupname", service.Key);
            processes.Add(service.Sum(i => i.Usage?.Processes ?? 0), group);
            if (Sum(service, i => i.Usage?.CpuUserSeconds) is { } user)
                cpu.Add(user, group, new Label("mode", "user"));
            if (Sum(service, i => i.Usage?.CpuSystemSeconds) is { } system)
                cpu.Add(system, group, new Label("mode", "system"));
            if (Sum(service, i => i.Usage?.ResidentBytes) is { } bytes)
                memory.Add(bytes, group, new Label("memtype", "resident"));
            if (Sum(service, i => i.Usage?.OpenFiles) is { } open)
                files.Add(open, group);
            if (service.Where(i => i.Status.Pid is not null).Min(i => i.Status.StartedAt) is { } started)
                oldest.Add(Seconds.Since1970(started), group);
        }

        return [processes.Build(), cpu.Build(), memory.Build(), files.Build(), oldest.Build()];
    }

    /// <summary>Null where nothing of the group is known: a sum of nothing is not zero.</summary>
    private static double? Sum(IEnumerable<MeasuredInstance> group, Func<MeasuredInstance, double?> value)
    {
        var known = group.Select(value).OfType<double>().ToList();
        return known.Count > 0 ? known.Sum() : null;
    }
}
