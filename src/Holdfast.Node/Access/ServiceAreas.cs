using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Platform;

namespace Holdfast.Node.Access;

/// <summary>The files and folders of a service on this host, and who is to have which rights there. From its supervisor's orders: no agent is asked.</summary>
/// <param name="Account">What it runs under.</param>
public sealed record ServiceAreas(string Service, Account Account, IReadOnlyList<WantedAccess> Areas)
{
    private const AccessRights ReadsAndRuns = AccessRights.Read | AccessRights.Execute;
    private const AccessRights All = ReadsAndRuns | AccessRights.Write;

    public static Outcome<ServiceAreas> Of(Home home, string service)
    {
        ArgumentNullException.ThrowIfNull(home);
        var places = new[] { new SupervisorPlace(home, service), new SupervisorPlace(home) };
        foreach (var place in places)
        {
            var plans = place.Orders().Select(desired => desired.Plan).Where(plan => plan.Service == service).ToList();
            if (plans.Count == 0) continue;
            var pin = place.IsShared ? null : Pin.Read(place);
            if (pin is { IsOk: false }) return Outcome.Failed<ServiceAreas>(pin.Problems);
            var account = AccountOf(plans[0], pin?.Value);
            if (!account.TryGet(out var runsAs)) return Outcome.Failed<ServiceAreas>(account.Problems);
            return new ServiceAreas(service, runsAs, [.. CodeOf(plans[0], pin?.Value), .. plans.SelectMany(InstanceOf), .. OwnOf(place, pin?.Value)]);
        }

        return new Problem(ProblemKind.NotFound, "access.no-service", $"no supervisor of this node has an order for {service}")
        {
            Mend = "`holdfast ps` and `holdfast service list` name those that are here; the node's files are read as root or in an elevated console",
        };
    }

    /// <summary>A package's code is the node's; a pinned program's was there before.</summary>
    private static IEnumerable<WantedAccess> CodeOf(InstancePlan plan, Pin? pin)
    {
        if (pin is null)
        {
            yield return new("code", plan.CodeFolder, ReadsAndRuns, ReadsAndRuns);
            yield break;
        }

        var written = pin.Writable.Select(folder => Path.GetFullPath(folder, pin.Folder)).ToList();
        yield return new("code", pin.ExecutableOnly ? pin.Executable : pin.Folder, ReadsAndRuns, ReadsAndRuns) { But = written, IsOfHost = true };
        foreach (var folder in written) yield return new("written", folder, All, ReadsAndRuns) { IsOfHost = true };
    }

    private static IEnumerable<WantedAccess> InstanceOf(InstancePlan plan)
    {
        yield return new("data", plan.DataFolder, All, AccessRights.None);
        // On Windows its supervisor, which writes it, may run under the account.
        yield return new("output", plan.OutputFolder, OperatingSystem.IsWindows() ? All : AccessRights.None, AccessRights.None);
    }

    private static IEnumerable<WantedAccess> OwnOf(SupervisorPlace place, Pin? pin)
    {
        if (place.IsShared) yield break;
        yield return new("orders", place.Folder, pin?.LogOnAs is null ? AccessRights.None : All, AccessRights.None);
        if (pin is not null) yield return new("pins", place.Pins, pin.LogOnAs is null ? AccessRights.None : ReadsAndRuns, AccessRights.None);
    }

    private static Outcome<Account> AccountOf(InstancePlan plan, Pin? pin)
    {
        if ((pin?.LogOnAs is { } name ? new UserSpec(name) : plan.Spec.User) is { } user) return AccountDirectory.Find(user);
        return AccountDirectory.Current();
    }
}
