using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Shipping;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Platform;
using Area = Holdfast.Core.Access.Areas;

namespace Holdfast.Node.Access;

/// <summary>The files and folders of a service on this host, and who is to have which rights there. From its supervisor's orders: no agent is asked.</summary>
/// <param name="Account">What it runs under.</param>
/// <param name="Groups">Those that its <c>access</c> names.</param>
public sealed record ServiceAreas(string Service, Account Account, IReadOnlyList<NamedGroup> Groups, IReadOnlyList<WantedAccess> Areas)
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
            return NamedGroups.Find(plans[0].Spec.Access).Then<ServiceAreas>(groups => new ServiceAreas(
                service, runsAs, groups, [.. CodeOf(plans[0], pin?.Value, groups), .. plans.SelectMany(plan => InstanceOf(plan, groups)), .. OwnOf(place, pin?.Value, LogOnAs(plans[0], pin?.Value))]));
        }

        return new Problem(ProblemKind.NotFound, "access.no-service", $"no supervisor of this node has an order for {service}")
        {
            Mend = "`holdfast ps` and `holdfast service list` name those that are here; the node's files are read as root or in an elevated console",
        };
    }

    /// <summary>A package's code is the node's, and several services' at once: all may read it. A pinned program's was there before.</summary>
    private static IEnumerable<WantedAccess> CodeOf(InstancePlan plan, Pin? pin, IReadOnlyList<NamedGroup> groups)
    {
        if (pin is null)
        {
            yield return new(Area.Code, plan.CodeFolder, ReadsAndRuns, ReadsAndRuns);
            yield break;
        }

        var written = pin.Writable.Select(folder => Path.GetFullPath(folder, pin.Folder)).ToList();
        var (code, read) = (NamedGroups.In(Area.Code, groups), NamedGroups.In(Area.Written, groups));
        // Where groups are named, nobody else has anything.
        yield return new(Area.Code, pin.ExecutableOnly ? pin.Executable : pin.Folder, ReadsAndRuns, code.Count == 0 ? ReadsAndRuns : AccessRights.None) { But = written, IsOfHost = true, Groups = code };
        foreach (var folder in written)
            yield return new(Area.Written, folder, All, code.Count == 0 ? ReadsAndRuns : AccessRights.None) { IsOfHost = true, Groups = read };
    }

    private static IEnumerable<WantedAccess> InstanceOf(InstancePlan plan, IReadOnlyList<NamedGroup> groups)
    {
        yield return new(Area.Data, plan.DataFolder, All, AccessRights.None) { Groups = NamedGroups.In(Area.Data, groups) };
        // On Windows its supervisor, which writes it, may run under the account.
        yield return new(Area.Output, plan.OutputFolder, OperatingSystem.IsWindows() ? All : AccessRights.None, AccessRights.None) { Groups = NamedGroups.In(Area.Output, groups) };
        // The agent's alone, wherever it is.
        if (plan.Spec.Output.Files.Count > 0 && Directory.Exists(plan.OutputFolder + EventStream.FilesEnding))
            yield return new(Area.Output, plan.OutputFolder + EventStream.FilesEnding, AccessRights.None, AccessRights.None) { Groups = NamedGroups.In(Area.Output, groups) };
    }

    private static IEnumerable<WantedAccess> OwnOf(SupervisorPlace place, Pin? pin, string? logOnAs)
    {
        if (place.IsShared) yield break;
        yield return new(Area.Orders, place.Folder, logOnAs is null ? AccessRights.None : All, AccessRights.None);
        if (pin is not null) yield return new(Area.Pins, place.Pins, logOnAs is null ? AccessRights.None : ReadsAndRuns, AccessRights.None);
    }

    private static Outcome<Account> AccountOf(InstancePlan plan, Pin? pin)
    {
        if ((LogOnAs(plan, pin) is { } name ? new UserSpec(name) : plan.Spec.User) is { } user) return AccountDirectory.Find(user);
        return AccountDirectory.Current();
    }

    /// <summary>On Windows supervisor and service run under the account that the SCM logs on.</summary>
    private static string? LogOnAs(InstancePlan plan, Pin? pin) => pin?.LogOnAs ?? plan.LogOnAs;
}
