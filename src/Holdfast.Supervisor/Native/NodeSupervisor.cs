using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Native;

/// <summary>
/// The node's shared supervisor as a service of Windows: Running when it serves, whatever becomes of the instances; stopped, it stops them all, and each
/// step of theirs is progress.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class NodeSupervisor(SupervisorPlace place, Log log) : SupervisorBody(place, log)
{
    /// <summary>To be called before anything else of the process; the exit code.</summary>
    public static int Run(SupervisorPlace place, Log log) => Run(NodeServices.Supervisor, log, () => new NodeSupervisor(place, log));

    public override void Restored() => Tell(new NativeInput.BecameReady());

    protected override NativeServicePlan Plan() => NodeServices.SupervisorPlan(HasPreshutdown(NodeServices.Supervisor));

    protected override void StepMade(Instance before, Instance after)
    {
        if (!Loop.Ending || before.Phase.GetType() == after.Phase.GetType()) return;
        var spec = (after.Active ?? after.Desired).Plan.Spec;
        Tell(new NativeInput.Progressed($"{spec.Name} is {after.Phase.State.ToString().ToLowerInvariant()}", StopBudget.Of(spec).Instance));
    }

    protected override int Serve() => SupervisorProcess.Run(Place, guard: null, Log, witness: this);

    protected override void Ended() => Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "nothing runs any more"));
}
