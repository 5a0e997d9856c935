using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Health;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.Metrics;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.Pinning;
using Holdfast.Node.State;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Instance = Holdfast.Rpc.V1.Instance;

namespace Holdfast.Node.Api;

/// <summary>What is wanted, what is, and what it uses, as one row per instance.</summary>
internal sealed class InstanceView(
    ServiceCatalog catalog, WantedReleases wantedReleases, ReleaseContents contents, ISupervisor supervisor, UsageTracker usage, Home home, string node, ClusterParts? cluster, TimeProvider time)
{
    private readonly StoreMirror? mirror = cluster?.Mirror;

    private readonly Account own = AccountDirectory.Current();

    /// <param name="service">Empty: all.</param>
    /// <param name="allNodes">What other nodes say of theirs, too.</param>
    /// <param name="cancel">Ends the looking.</param>
    public async Task<Outcome<ListInstancesResponse>> ListAsync(string service, bool allNodes, CancellationToken cancel)
    {
        var listed = await catalog.ListAsync(cancel);
        if (!listed.TryGet(out var listing))
            return Outcome.Failed<ListInstancesResponse>(listed.Problems);
        var entries = listing.Entries;
        if (service.Length > 0)
            entries = [.. entries.Where(entry => entry.Service.Value.Name == service)];
        if (service.Length > 0 && entries.Count == 0 && !IsPinned(service))
            return OperationProblems.NoService(service);

        var read = await wantedReleases.OfAsync(entries, cancel);
        if (!read.TryGet(out var releases))
            return Outcome.Failed<ListInstancesResponse>(read.Problems);

        var response = new ListInstancesResponse();
        response.Warnings.Add(listing.Damaged.Select(problem => problem.ToString()));
        var observed = await supervisor.ObserveAsync(cancel);
        response.Warnings.Add(observed.Absent.Where(absence => absence.Unit is null).Select(absence => absence.Problem.ToString()));
        // While an instance moves from one supervisor to another only one has it; should two say so, one is shown.
        var seen = observed.Instances.DistinctBy(status => status.Instance).ToDictionary(status => status.Instance);
        var used = usage.Read([.. seen.Values]);
        var alone = cluster is { Lease.Lease: null } ? $"{node} has no lease in the store, so it leads nothing" : null;
        if (alone is not null) response.Warnings.Add($"{alone}, and what it last saw of other nodes may be over");
        foreach (var entry in entries.Where(entry => mirror is null || seen.ContainsKey(entry.Service.Value.Instance) || IsExpected(mirror.Now, entry.Service.Value.Name, alone)))
        {
            var wanted = entry.Service.Value;
            var release = releases[wanted.Name].TryGet(out var found) ? found : null;
            var spec = found is not null && contents.Spec(found).TryGet(out var known) ? known : null;
            var row = seen.Remove(wanted.Instance, out var status)
                ? Row(status, used[status.Instance])
                : Unseen(wanted, observed.WhyUnseen(wanted.Name), (IsLed(wanted.Name) ? alone : null) ?? entry.Operation.Value.Reason);
            row.Supervisor = Keeper(wanted.Name, status, spec);
            row.Node = node;
            row.Version = release?.Version ?? "";
            row.PackageDigest = release?.PackageDigest ?? row.PackageDigest;
            row.Wanted = wanted.Run.ToString().ToLowerInvariant();
            Describe(row, wanted, spec);
            if (status is not null && row.OutputTrouble.Length == 0)
                row.OutputTrouble = Silence.Of(status, spec?.Output.Silence, time.GetUtcNow()) ?? "";
            response.Instances.Add(row);
        }

        // Of those nobody here wants anything: whoever installed them does.
        foreach (var status in seen.Values.Where(status => status.Supervisor is { } own && IsPinned(own)).OrderBy(status => status.Instance, StringComparer.Ordinal).ToList())
        {
            seen.Remove(status.Instance);
            if (service.Length == 0 || status.Service == service)
                response.Instances.Add(Pinned(status, used[status.Instance]));
        }

        if (allNodes && mirror is not null)
            response.Instances.Add(Elsewhere(mirror.Now, service));

        // With documents that cannot be read, an instance that is not listed may be one of theirs.
        if (service.Length == 0 && listing.Damaged.Count == 0)
            response.Warnings.Add(seen.Keys.Order(StringComparer.Ordinal).Select(instance => $"The supervisor has an instance {instance} that the store does not know; it is left alone."));
        return response;
    }

    private bool IsLed(string service) => mirror?.Now.Placements.Find(service)?.Value.IsLed == true;

    /// <summary>Where nothing of it is here there is a row all the same: it is to be here, or this node led it, by what was last seen, and may not any more.</summary>
    private bool IsExpected(ClusterImage image, string service, string? alone) => image.Placements.Find(service)?.Value is { } place
        && (place.IsLed ? alone is not null && image.Leaders.Find(service)?.Value.Node == node : place.Nodes.Contains(node));

    /// <summary>As other nodes last said, in the order of services and nodes.</summary>
    private IEnumerable<Instance> Elsewhere(ClusterImage image, string service) => image.Reports.Documents.Values.Select(report => report.Value)
        .Where(report => report.Node != node && !report.StandsBy && (service.Length == 0 || report.Service == service))
        .OrderBy(report => report.Service, StringComparer.Ordinal).ThenBy(report => report.Node, StringComparer.Ordinal)
        .Select(report => new Instance
        {
            Service = report.Service,
            Release = report.Release,
            Instance_ = report.Instance,
            Node = report.Node,
            State = report.State.Word(),
            Health = report.Health.ToString().ToLowerInvariant(),
            Pid = report.Pid ?? 0,
            StartedAt = At(report.Pid is null ? null : report.StartedAt),
            Restarts = report.Restarts,
            Cpu = -1,
            MemoryBytes = -1,
            PackageDigest = report.PackageDigest,
            Reason = report.Reason,
            Since = At(report.Since),
            LastExit = report.LastExit,
            NextStartAt = At(report.NextStartAt),
            Wanted = report.Wanted.ToString().ToLowerInvariant(),
            Epoch = report.Epoch ?? 0,
            StandsBy = report.IsHot,
        });

    private bool IsPinned(string service) => File.Exists(new SupervisorPlace(home, service).Pin);

    private Instance Pinned(InstanceStatus status, TrackedUsage used)
    {
        var row = Row(status, used);
        row.Supervisor = UnitMark.Read(new(home, status.Service)) ?? "dedicated";
        row.Node = node;
        row.Version = PinnedServices.Version;
        row.Wanted = status.Wanted.ToString().ToLowerInvariant();
        return row;
    }

    private void Describe(Instance row, ServiceRecord wanted, ServiceSpec? spec)
    {
        if (spec is null)
            return;
        foreach (var (name, number) in spec.Ports)
            row.Ports[name] = number ?? wanted.AssignedPorts.GetValueOrDefault(name);
        foreach (var (name, value) in spec.Labels)
            row.Labels[name] = value;
        if (spec.User is not { } user || (AccountDirectory.Find(user).TryGet(out var account) && account.UserId == own.UserId))
            row.NotEnforced.Add($"law 1 (verified or not run): it runs as {own.Name}, the agent's own account, and could change what is started; give it an account of its own (user:)");
    }

    private static Instance Row(InstanceStatus status, TrackedUsage used)
    {
        var row = new Instance
        {
            Service = status.Service,
            Release = status.Release,
            Instance_ = status.Instance,
            State = status.State.Word(),
            Health = status.Health.ToString().ToLowerInvariant(),
            Pid = status.Pid ?? 0,
            StartedAt = At(status.Pid is null ? null : status.StartedAt),
            Restarts = status.Restarts,
            Cpu = used.CpuShare ?? -1,
            MemoryBytes = used.Usage?.ResidentBytes ?? -1,
            Processes = used.Usage?.Processes ?? 0,
            PackageDigest = status.PackageDigest,
            Epoch = status.Epoch ?? 0,
            StandsBy = status.StandsBy,
            Reason = status.Reason,
            Since = At(status.Since),
            LastExit = status.LastExit?.ToString() ?? "",
            NextStartAt = At(status.NextStartAt),
            StatusText = status.StatusText ?? "",
            Containment = status.Containment.Kind,
            OutputTrouble = status.Capture.Trouble ?? "",
        };
        row.NotEnforced.Add(status.Containment.NotEnforced);
        row.Probes.Add(status.Probes.Select(Message));
        return row;
    }

    /// <summary>Which supervisor has it, or is to have it: shared, dedicated, or the unit of the service manager that it is.</summary>
    private string Keeper(string service, InstanceStatus? status, ServiceSpec? spec)
    {
        var own = status is null ? spec?.Supervisor == SupervisorKind.Dedicated : status.Supervisor is not null;
        return own ? UnitMark.Read(new(home, service)) ?? "dedicated" : "shared";
    }

    private static Instance Unseen(ServiceRecord wanted, SupervisorAbsence? missing, string reason) => missing is { Unit: { } unit }
        ? Unseen(wanted, "stopped", $"stopped by the service manager; to start it: systemctl start {unit}")
        : Unseen(wanted, "unknown", missing is null ? reason : "no supervisor answers");

    private static Instance Unseen(ServiceRecord wanted, string state, string reason) => new()
    {
        Service = wanted.Name,
        Release = wanted.Release,
        Instance_ = wanted.Instance,
        State = state,
        Health = "unknown",
        Reason = reason,
        Cpu = -1,
        MemoryBytes = -1,
    };

    private static Probe Message(ProbeStatus probe) => new()
    {
        Name = probe.Name,
        State = probe.Succeeding switch { null => "unknown", true => "succeeding", false => "failing" },
        Message = probe.Message ?? "",
        LatencySeconds = probe.Latency.TotalSeconds,
        LastRunAt = At(probe.LastRunAt),
    };

    private static Timestamp? At(DateTimeOffset? at) => at is { } known ? Timestamp.FromDateTimeOffset(known) : null;
}
