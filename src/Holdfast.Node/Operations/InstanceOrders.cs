using Holdfast.Core.NativeServices;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Packages;
using Holdfast.Node.Planning;
using Holdfast.Node.Sources;
using Holdfast.Node.Supervisors;

namespace Holdfast.Node.Operations;

/// <summary>Gives the supervisor what is wanted of one service's instance.</summary>
internal sealed class InstanceOrders(ISupervisor supervisor, ReleaseContents contents, InstancePlanner planner)
{
    /// <summary>Reads the files that services write; null: nobody does.</summary>
    public FileKeeper? Files { get; init; }

    public async Task<Outcome<Done>> GiveAsync(
        ServiceRecord service, InstanceStatus? seen, ServiceShare share, Outcome<ReleaseRecord> release, Outcome<ServiceSpec> spec, CancellationToken cancel)
    {
        if (share.Ends > 0 || (service.Removing && share.Leading is not null)) return await EndAsync(service.Instance, share.AtOnce && seen is not null, cancel);
        if (!share.Here) return seen is null || Stays(service, seen, share) ? Outcome.Done : await supervisor.RemoveAsync(service.Instance, cancel);
        return Reconciliation.Decide(service, seen, spec.IsOk ? spec.Value.Supervisor : null, share.Leading?.Epoch) switch
        {
            SupervisorOrder.Apply => await ApplyAsync(service, seen, Plan(service, share, release, spec), cancel),
            SupervisorOrder.Remove or SupervisorOrder.Leave => await supervisor.RemoveAsync(service.Instance, cancel),
            _ => Outcome.Done,
        };
    }

    /// <summary>It failed here, and may come here again: that it did is not forgotten before something new is wanted.</summary>
    private static bool Stays(ServiceRecord service, InstanceStatus seen, ServiceShare share) =>
        share.StandsBy && seen.State == InstanceState.Failed && seen.Incarnation == service.Incarnation && seen.Release == service.Release && !service.Removing;

    private async Task<Outcome<Done>> EndAsync(string instance, bool atOnce, CancellationToken cancel)
    {
        // What has no main process any more cannot be killed, and need not be.
        if (atOnce) await supervisor.SignalAsync(instance, "KILL", cancel);
        return await supervisor.RemoveAsync(instance, cancel);
    }

    private async Task<Outcome<Done>> ApplyAsync(ServiceRecord service, InstanceStatus? seen, Outcome<InstancePlan> planned, CancellationToken cancel)
    {
        if (planned.TryGet(out var plan))
            return await supervisor.ApplyAsync(new DesiredInstance(plan, service.Run, service.Incarnation), cancel);

        // What cannot be started can still be stopped: the supervisor needs no plan to forget an instance.
        if (service.Run == RunState.Stopped)
            return seen is null ? Outcome.Done : await supervisor.RemoveAsync(service.Instance, cancel);
        return Outcome.Failed<Done>(planned.Problems);
    }

    private Outcome<InstancePlan> Plan(ServiceRecord service, ServiceShare share, Outcome<ReleaseRecord> release, Outcome<ServiceSpec> spec) =>
        spec.Then(read => contents.Folders(release.Value.PackageDigest).Then(at =>
        {
            var plan = PlanOf(service, share, release.Value, read, at);
            return InstanceFolders.Prepare(plan).Then(_ =>
            {
                Files?.Begin(FollowedService.Of(service, release.Value, read));
                return Outcome.Of(plan);
            });
        }));

    /// <summary>Windows has logged the account of a native service on before there is anything of ours.</summary>
    private InstancePlan PlanOf(ServiceRecord service, ServiceShare share, ReleaseRecord release, ServiceSpec spec, ReleaseFolders at)
    {
        var standsBy = share is { IsHot: true, Leading: null };
        return NativeHosting.IsNative(spec, OperatingSystem.IsWindows())
            ? planner.Plan(service, release, spec with { User = null }, at, share.Leading, standsBy) with { LogOnAs = NativeHosting.LogOnAs(spec) }
            : planner.Plan(service, release, spec, at, share.Leading, standsBy);
    }
}
