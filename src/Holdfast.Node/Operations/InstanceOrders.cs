using Holdfast.Core.NativeServices;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Packages;
using Holdfast.Node.Planning;
using Holdfast.Node.Supervisors;

namespace Holdfast.Node.Operations;

/// <summary>Gives the supervisor what is wanted of one service's instance.</summary>
internal sealed class InstanceOrders(ISupervisor supervisor, ReleaseContents contents, InstancePlanner planner)
{
    public async Task<Outcome<Done>> GiveAsync(
        ServiceRecord service, InstanceStatus? seen, Outcome<ReleaseRecord> release, Outcome<ServiceSpec> spec, CancellationToken cancel) =>
        Reconciliation.Decide(service, seen, spec.IsOk ? spec.Value.Supervisor : null) switch
        {
            SupervisorOrder.Apply => await ApplyAsync(service, seen, Plan(service, release, spec), cancel),
            SupervisorOrder.Remove or SupervisorOrder.Leave => await supervisor.RemoveAsync(service.Instance, cancel),
            _ => Outcome.Done,
        };

    private async Task<Outcome<Done>> ApplyAsync(ServiceRecord service, InstanceStatus? seen, Outcome<InstancePlan> planned, CancellationToken cancel)
    {
        if (planned.TryGet(out var plan))
            return await supervisor.ApplyAsync(new DesiredInstance(plan, service.Run, service.Incarnation), cancel);

        // What cannot be started can still be stopped: the supervisor needs no plan to forget an instance.
        if (service.Run == RunState.Stopped)
            return seen is null ? Outcome.Done : await supervisor.RemoveAsync(service.Instance, cancel);
        return Outcome.Failed<Done>(planned.Problems);
    }

    private Outcome<InstancePlan> Plan(ServiceRecord service, Outcome<ReleaseRecord> release, Outcome<ServiceSpec> spec) =>
        spec.Then(read => contents.Folders(release.Value.PackageDigest).Then(at =>
        {
            var plan = PlanOf(service, release.Value, read, at);
            return InstanceFolders.Prepare(plan).Then(_ => Outcome.Of(plan));
        }));

    /// <summary>Windows has logged the account of a native service on before there is anything of ours.</summary>
    private InstancePlan PlanOf(ServiceRecord service, ReleaseRecord release, ServiceSpec spec, ReleaseFolders at) => NativeHosting.IsNative(spec, OperatingSystem.IsWindows())
        ? planner.Plan(service, release, spec with { User = null }, at) with { LogOnAs = NativeHosting.LogOnAs(spec) }
        : planner.Plan(service, release, spec, at);
}
