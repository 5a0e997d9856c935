using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Services;
using Holdfast.Supervisor.Loop;

namespace Holdfast.Supervisor.Native;

/// <summary>
/// The node's shared supervisor as a service of Windows: Running when it serves, whatever becomes of the instances; stopped, it stops them all, and each
/// one that is gone is progress.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class NodeSupervisor(SupervisorPlace place, Log log) : INativeServiceBody, ISupervisorWitness
{
    private NativeServiceLink? link;
    private SupervisorLoop? loop;
    private World? world;
    private bool over;

    /// <summary>To be called before anything else of the process; the exit code.</summary>
    public static int Run(SupervisorPlace place, Log log)
    {
        var ran = NativeServiceHost.Run(NodeServices.Supervisor, () => new NodeSupervisor(place, log));
        if (ran.IsOk) return ExitCode.Ok;
        log.Say(ran.Problems);
        return ExitCode.For(ran.Problems[0].Kind);
    }

    public NativeServicePlan Begin(NativeServiceLink link)
    {
        this.link = link;
        new Thread(Keep) { Name = "supervisor", IsBackground = true }.Start();
        var known = ServiceControlManager.Local().Read(NodeServices.Supervisor);
        return NodeServices.SupervisorPlan(known.IsOk && !known.Value.Unknown.Contains(NativeSetting.PreshutdownTimeout));
    }

    public void CarryOut(NativeEffect effect)
    {
        switch (effect)
        {
            case NativeEffect.StopInstance stop:
                Post(() =>
                {
                    log.Say($"stopping all instances: {stop.Why}");
                    loop!.End();
                });
                break;
            case NativeEffect.KillInstance:
                Post(() => loop!.Kill());
                break;
            case NativeEffect.CloseHost:
                Post(() => { if (!loop!.Ending) loop.End(); });
                break;
            case NativeEffect.Abandon abandoned:
                log.Say($"abandoned: {abandoned.Why}");
                break;
        }
    }

    public void Begin(SupervisorLoop loop, World world)
    {
        this.world = world;
        world.StepMade = (before, after) =>
        {
            if (!loop.Ending || before.Phase.GetType() == after.Phase.GetType()) return;
            var spec = (after.Active ?? after.Desired).Plan.Spec;
            link!.Tell(new NativeInput.Progressed($"{spec.Name} is {after.Phase.State.ToString().ToLowerInvariant()}", StopBudget.Of(spec).Instance));
        };
        Volatile.Write(ref this.loop, loop);
    }

    public void Restored() => link!.Tell(new NativeInput.BecameReady());

    private void Keep()
    {
        try
        {
            var code = SupervisorProcess.Run(place, guard: null, log, witness: this);
            if (code != ExitCode.Ok)
            {
                link!.Tell(new NativeInput.HostFailed($"the supervisor ended with {code}; see {place.Log}"));
                return;
            }

            link!.Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "nothing runs any more"));
            link.Tell(new NativeInput.HostClosed());
        }
        catch (Exception bug)
        {
            log.Say(bug.ToString());
            link!.Tell(new NativeInput.HostFailed(bug.Message));
        }
        finally
        {
            Volatile.Write(ref over, true);
        }
    }

    /// <summary>To the loop's thread. Before there is a loop the SCM can ask for nothing but a stop, which waits; where there will be none, there is nothing to be done.</summary>
    private void Post(Action act)
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref loop) is not null || Volatile.Read(ref over));
        if (Volatile.Read(ref loop) is not null) world!.Inbox.Post(act);
    }
}
