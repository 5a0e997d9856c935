using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Services;
using Holdfast.Supervisor.Loop;

namespace Holdfast.Supervisor.Native;

/// <summary>
/// A service's own supervisor as the service that the SCM knows: what happens to the instance is what the SCM is told
/// (<see cref="InstanceFacts"/>), and what the SCM wants is done to the instance. The loop has a thread of its own; the SCM's carries out.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class NativeSupervisor(SupervisorPlace place, bool ownAccount, Log log) : INativeServiceBody, ISupervisorWitness
{
    private NativeServiceLink? link;
    private SupervisorLoop? loop;
    private World? world;
    private bool told;
    private bool over;

    /// <summary>To be called before anything else of the process; the exit code.</summary>
    /// <param name="ownAccount">It runs under its service's account: what that may write is not trusted.</param>
    public static int Run(SupervisorPlace place, bool ownAccount, Log log)
    {
        if (ownAccount) FileFactsReader.DistrustOwnAccount();
        var ran = NativeServiceHost.Run(place.Service!, () => new NativeSupervisor(place, ownAccount, log));
        if (ran.IsOk) return ExitCode.Ok;
        log.Say(ran.Problems);
        return ExitCode.For(ran.Problems[0].Kind);
    }

    public NativeServicePlan Begin(NativeServiceLink link)
    {
        this.link = link;
        new Thread(Keep) { Name = "supervisor", IsBackground = true }.Start();
        if (SpecOf(place) is not { } spec) return new NativeServicePlan { StopWithin = NativeServiceLimits.InHandWithin };
        return NativeServicePlan.Of(spec, HasPreshutdown());
    }

    public void CarryOut(NativeEffect effect)
    {
        switch (effect)
        {
            case NativeEffect.StopInstance stop:
                Post(() => log.Say($"stopping: {stop.Why}"));
                Post(() => loop!.End());
                break;
            case NativeEffect.KillInstance:
                Post(() => loop!.Kill());
                break;
            case NativeEffect.CloseHost:
                // Nothing runs any more; the loop's end is the host's.
                Post(() => { if (!loop!.Ending) loop.End(); });
                break;
            case NativeEffect.ReloadInstance:
                Post(Reload);
                break;
            case NativeEffect.PauseInstance:
                Post(() => AskForPause(ticket => new Input.PauseAsked(ticket), why => new NativeInput.PauseFailed(why)));
                break;
            case NativeEffect.ContinueInstance:
                Post(() => AskForPause(ticket => new Input.ContinueAsked(ticket), why => new NativeInput.ContinueFailed(why)));
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
            foreach (var fact in InstanceFacts.Between(before, after, world.Now())) Tell(fact);
        };
        Volatile.Write(ref this.loop, loop);
    }

    /// <summary>Somebody has started the service: what has failed or is done with is tried again, and what is not to run is not waited for.</summary>
    public void Restored()
    {
        var statuses = loop!.Statuses.ToList();
        foreach (var resting in statuses.Where(one => one.State is InstanceState.Failed or InstanceState.Completed))
        {
            var kept = world!.Store.Keep(
                resting.Instance,
                before => before! with { Desired = before.Desired with { Incarnation = before.Desired.Incarnation + 1 } },
                order => loop.Take(order));
            if (!kept.IsOk) Tell(new NativeInput.HostFailed(string.Join("; ", kept.Problems)));
        }

        if (told) return;
        if (statuses.Count == 0) Tell(new NativeInput.BecameReady());
        else if (statuses.All(one => one.Wanted == RunState.Stopped)) Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "it is not wanted to run"));
    }

    /// <summary>Whether the SCM has taken the time-out: without it nobody knows when PRESHUTDOWN is cut off.</summary>
    private bool HasPreshutdown() =>
        ServiceControlManager.Local().Read(place.Service!).TryGet(out var known) && !known.Unknown.Contains(NativeSetting.PreshutdownTimeout);

    private void Keep()
    {
        try
        {
            var code = SupervisorProcess.Run(place, guard: null, log, unit: place.Service, witness: this, withoutKey: ownAccount);
            link!.Tell(code == ExitCode.Ok ? new NativeInput.HostClosed() : new NativeInput.HostFailed($"the supervisor ended with {code}; see {place.Log}"));
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

    private void Reload()
    {
        foreach (var status in loop!.Statuses.ToList())
            loop.Ask(status.Instance, ticket => new Input.ReloadAsked(ticket), problem => { if (problem is not null) log.Say([problem]); });
    }

    /// <summary>How it goes, the steps of the instance tell (<see cref="InstanceFacts"/>); only what was refused has none.</summary>
    private void AskForPause(Func<long, Input> question, Func<string, NativeInput> failed)
    {
        foreach (var status in loop!.Statuses.ToList())
        {
            loop.Ask(status.Instance, question, problem =>
            {
                if (problem is null) return;
                log.Say([problem]);
                if (problem.Kind != ProblemKind.Failed) Tell(failed(problem.What));
            });
        }
    }

    /// <summary>To the loop's thread. Before there is a loop the SCM can ask for nothing but a stop, which waits; where there will be none, there is nothing to be done.</summary>
    private void Post(Action act)
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref loop) is not null || Volatile.Read(ref over));
        if (Volatile.Read(ref loop) is not null) world!.Inbox.Post(act);
    }

    private void Tell(NativeInput fact)
    {
        told = true;
        link!.Tell(fact);
    }

    /// <summary>Of the one instance that it has an order for; null: of none yet, or of one that cannot be read, which the loop tells.</summary>
    private static ServiceSpec? SpecOf(SupervisorPlace place) => place.Orders().FirstOrDefault()?.Plan.Spec;
}
