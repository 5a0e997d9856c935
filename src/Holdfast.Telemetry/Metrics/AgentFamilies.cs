namespace Holdfast.Telemetry.Metrics;

internal static class AgentFamilies
{
    public static IEnumerable<MetricFamily> Collect(NodeSnapshot snapshot)
    {
        var info = new FamilyBuilder("holdfast_agent_info", MetricKind.Info, "The agent that shows this page.");
        info.Add(1, new Label("node", snapshot.Node), new Label("version", snapshot.Version));
        var start = new FamilyBuilder("holdfast_agent_start_time_seconds", MetricKind.Gauge, "When the agent was started, since 1970.", "seconds");
        start.Add(Seconds.Since1970(snapshot.AgentStartedAt));
        var up = new FamilyBuilder("holdfast_supervisor_up", MetricKind.Gauge, "1 if the supervisor answered, 0 if what is shown of instances is old.");
        up.Add(snapshot.SupervisorUp);
        var own = new FamilyBuilder("holdfast_dedicated_supervisor_up", MetricKind.Gauge, "Per service with a supervisor of its own: 1 if that answered, 0 if what is shown of the service is old.");
        foreach (var (service, answered) in snapshot.DedicatedSupervisors)
            own.Add(answered, new Label("service", service));
        var audit = new FamilyBuilder("holdfast_audit_entries_total", MetricKind.Counter, "Entries written to the audit log since it began.");
        if (snapshot.AuditEntries is { } entries)
            audit.Add(entries);
        var unsigned = new FamilyBuilder("holdfast_audit_unsigned_entries", MetricKind.Gauge, "Entries of the audit log that no checkpoint signs yet.");
        if (snapshot.UnsignedAuditEntries is { } waiting)
            unsigned.Add(waiting);
        var store = new FamilyBuilder("holdfast_store_revision", MetricKind.Gauge, "The revision of the store: it rises with each change.");
        if (snapshot.StoreRevision is { } revision)
            store.Add(revision);
        return [info.Build(), start.Build(), up.Build(), own.Build(), audit.Build(), unsigned.Build(), store.Build()];
    }
}
