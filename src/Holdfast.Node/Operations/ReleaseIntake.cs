using Holdfast.Platform;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using NativeHosting = Holdfast.Core.NativeServices.NativeHosting;

namespace Holdfast.Node.Operations;

/// <summary>A package and values that are to become a release.</summary>
internal sealed record DeployOrder(string PackageDigest, string Values, string ValuesName);

/// <summary>A package and the spec that it gives under its values.</summary>
internal sealed record CheckedOrder(AdmittedPackage Package, ServiceSpec Spec);

/// <summary>A release that can be committed, and what is then wanted of its service.</summary>
internal sealed record NextRelease(ReleaseRecord Release, ServiceRecord Service);

/// <summary>Makes the next release of a service, from a package or from an earlier release. Changes nothing.</summary>
internal sealed class ReleaseIntake(
    ServiceCatalog catalog, WantedReleases wanted, PackageStore packages, ReleaseContents contents, HostExecutables hostExecutables)
{
    /// <summary>Everything that can be wrong with a package and its values, at once.</summary>
    public async Task<Outcome<CheckedOrder>> CheckAsync(DeployOrder order, CancellationToken cancel)
    {
        var package = packages.Find(order.PackageDigest);
        if (!package.IsOk)
            return Outcome.Failed<CheckedOrder>(package.Problems);
        var spec = contents.Spec(order.PackageDigest, order.Values, order.ValuesName);
        if (!spec.TryGet(out var value))
            return Outcome.Failed<CheckedOrder>(spec.Problems);
        // Windows logs the account of a native service on: a virtual one is there from the moment that the service is.
        var account = NativeHosting.IsNative(value, OperatingSystem.IsWindows()) ? NativeHosting.CheckAccount(value).Then(_ => AccountCheck.Run(value with { User = null })) : AccountCheck.Run(value);
        var host = account.Then(_ => AffinityCheck.Run(value.Limits));
        if (!host.IsOk)
            return Outcome.Failed<CheckedOrder>(host.Problems);
        var pinned = await hostExecutables.AdmitAsync(value, cancel);
        return pinned.IsOk ? new CheckedOrder(package.Value, value) : Outcome.Failed<CheckedOrder>(pinned.Problems);
    }

    public async Task<Outcome<NextRelease>> NextAsync(
        ServiceEntry? entry, CheckedOrder order, DeployOrder source, OperationRequest request, DateTimeOffset now, CancellationToken cancel)
    {
        // It was checked before our turn came: it may have gone meanwhile. From here on nothing is removed until it is committed.
        var package = packages.Find(source.PackageDigest);
        if (!package.IsOk)
            return Outcome.Failed<NextRelease>(package.Problems);
        var service = entry?.Service.Value;
        var ports = await PortsAsync(service, order.Spec, cancel);
        if (!ports.TryGet(out var assigned))
            return Outcome.Failed<NextRelease>(ports.Problems);
        var release = new ReleaseRecord
        {
            Service = order.Spec.Name,
            Number = (service?.LastRelease ?? 0) + 1,
            Version = order.Package.Version,
            PackageDigest = source.PackageDigest,
            Values = source.Values,
            ValuesName = source.ValuesName,
            Signers = [.. order.Package.Record.Signers.Select(signer => signer.Subject)],
            CreatedAt = now,
            CreatedBy = request.Actor.Name,
            Placement = order.Spec.Placement,
            ReadyWithin = order.Spec.ReadyDeadline,
            OwnSupervisor = order.Spec.Supervisor != SupervisorKind.Shared,
            State = ReleaseState.Deploying,
        };
        return new NextRelease(release, Wanted(service, release, assigned, request));
    }

    /// <param name="number">The release to go back to; 0: the good one before the present one.</param>
    public async Task<Outcome<NextRelease>> BackAsync(ServiceEntry entry, int number, OperationRequest request, DateTimeOffset now, CancellationToken cancel)
    {
        var service = entry.Service.Value;
        var releases = await catalog.ListReleasesAsync(service.Name, cancel);
        if (!releases.TryGet(out var all))
            return Outcome.Failed<NextRelease>(releases.Problems);

        var target = number == 0
            ? all.LastOrDefault(release => release.Value.State == ReleaseState.Superseded)?.Value
            : all.FirstOrDefault(release => release.Value.Number == number)?.Value;
        if (target is null)
            return number == 0 ? OperationProblems.NothingBefore(service.Name, service.Release) : OperationProblems.NoRelease(service.Name, number);

        if (!packages.Find(target.PackageDigest).IsOk)
            return OperationProblems.PackageGone(service.Name, target.Number, target.PackageDigest);

        // Going back to what was itself a step back means its content, under the number it first had.
        var check = await CheckAsync(new(target.PackageDigest, target.Values, target.ValuesName), cancel);
        if (!check.TryGet(out var order))
            return Outcome.Failed<NextRelease>(check.Problems);
        var ports = await PortsAsync(service, order.Spec, cancel);
        if (!ports.TryGet(out var assigned))
            return Outcome.Failed<NextRelease>(ports.Problems);
        var again = target with
        {
            Number = service.LastRelease + 1,
            CreatedAt = now,
            CreatedBy = request.Actor.Name,
            RollbackOf = target.RollbackOf == 0 ? target.Number : target.RollbackOf,
            State = ReleaseState.Deploying,
            Reason = "",
        };
        return new NextRelease(again, Wanted(service, again, assigned, request));
    }

    /// <summary>A deploy makes the service run, also one that was stopped.</summary>
    private static ServiceRecord Wanted(ServiceRecord? service, ReleaseRecord release, IReadOnlyDictionary<string, int> ports, OperationRequest request) => new()
    {
        Name = release.Service,
        Release = release.Number,
        LastRelease = release.Number,
        Run = RunState.Running,
        Incarnation = (service?.Incarnation ?? 0) + 1,
        Operation = request.Id,
        AssignedPorts = ports,
    };

    /// <summary>
    /// Keeps the ports that were assigned before, assigns those that are new, and refuses a number that another service has.
    /// Names that only earlier releases have keep their ports as well: one of those releases may come back.
    /// </summary>
    private async Task<Outcome<IReadOnlyDictionary<string, int>>> PortsAsync(ServiceRecord? service, ServiceSpec spec, CancellationToken cancel)
    {
        // Where no port is asked for, nobody else's matters: reading all services would make each deploy longer than the one before.
        if (spec.Ports.Count == 0)
            return Outcome.Of<IReadOnlyDictionary<string, int>>(new SortedDictionary<string, int>(service?.AssignedPorts.ToDictionary() ?? [], StringComparer.Ordinal));
        var others = await TakenAsync(spec.Name, cancel);
        if (!others.TryGet(out var taken))
            return Outcome.Failed<IReadOnlyDictionary<string, int>>(others.Problems);

        var problems = new List<Problem>();
        foreach (var (name, number) in spec.Ports)
        {
            if (number is { } fixedNumber && taken.TryGetValue(fixedNumber, out var other))
                problems.Add(OperationProblems.PortTaken(spec.Name, name, fixedNumber, other));
        }

        if (problems.Count > 0)
            return problems;

        var assigned = new SortedDictionary<string, int>(service?.AssignedPorts.ToDictionary() ?? [], StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var (name, _) in spec.Ports.Where(port => port.Value is null))
        {
            if (!assigned.TryGetValue(name, out var before) || taken.ContainsKey(before))
                missing.Add(name);
        }

        var free = FreePorts.Take(missing.Count, taken.Keys.Concat(assigned.Values).Concat(spec.Ports.Values.OfType<int>()).ToHashSet());
        foreach (var (name, port) in missing.Zip(free))
            assigned[name] = port;
        return assigned;
    }

    /// <summary>The ports of all other services, by number.</summary>
    private async Task<Outcome<Dictionary<int, string>>> TakenAsync(string except, CancellationToken cancel)
    {
        var listed = await catalog.ListAsync(cancel);
        if (!listed.TryGet(out var listing))
            return Outcome.Failed<Dictionary<int, string>>(listed.Problems);
        var read = await wanted.OfAsync(listing.Entries, cancel);
        if (!read.TryGet(out var releases))
            return Outcome.Failed<Dictionary<int, string>>(read.Problems);

        var taken = new Dictionary<int, string>();
        foreach (var service in listing.Entries.Select(entry => entry.Service.Value).Where(service => service.Name != except))
        {
            foreach (var port in service.AssignedPorts.Values)
                taken[port] = service.Name;
            if (!releases[service.Name].Then(contents.Spec).TryGet(out var spec))
                continue;
            foreach (var port in spec.Ports.Values.OfType<int>())
                taken[port] = service.Name;
        }

        return taken;
    }
}
