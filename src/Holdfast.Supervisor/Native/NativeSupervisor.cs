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
internal sealed class NativeSupervisor(SupervisorPlace place, bool ownAccount, Log log) : SupervisorBody(place, log)
{
    private bool told;

    /// <summary>To be called before anything else of the process; the exit code.</summary>
    /// <param name="ownAccount">It runs under its service's account: what that may write is not trusted.</param>
    public static int Run(SupervisorPlace place, bool ownAccount, Log log)
    {
        if (ownAccount) FileFactsReader.DistrustOwnAccount();
        return Run(place.Service!, log, () => new NativeSupervisor(place, ownAccount, log));
    }

    public override void CarryOut(NativeEffect effect)
    {
        switch (effect)
        {
            case NativeEffect.ReloadInstance:
                Post(Reload);
                break;
            case NativeEffect.PauseInstance:
                Post(() => AskForPause(ticket => new Input.PauseAsked(ticket), why => new NativeInput.PauseFailed(why)));
                break;
            case NativeEffect.ContinueInstance:
                Post(() => AskForPause(ticket => new Input.ContinueAsked(ticket), why => new NativeInput.ContinueFailed(why)));
                break;
            default:
                base.CarryOut(effect);
                break;
        }
    }

    /// <summary>Somebody has started the service: what has failed or is done with is tried again, and what is not to run is not waited for.</summary>
    public override void Restored()
    {
        var statuses = Loop.Statuses.ToList();
        foreach (var resting in statuses.Where(one => one.State is InstanceState.Failed or InstanceState.Completed))
        {
            var kept = World.Store.Keep(
                resting.Instance,
                before => before! with { Desired = before.Desired with { Incarnation = before.Desired.Incarnation + 1 } },
                order => Loop.Take(order));
            if (!kept.IsOk) Tell(new NativeInput.HostFailed(string.Join("; ", kept.Problems)));
        }

        if (told) return;
        if (statuses.Count == 0) Tell(new NativeInput.BecameReady());
        else if (statuses.All(one => one.Wanted == RunState.Stopped)) Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "it is not wanted to run"));
    }

    protected override NativeServicePlan Plan() => SpecOf(Place) is { } spec
        ? NativeServicePlan.Of(spec, HasPreshutdown(Place.Service!))
        : new NativeServicePlan { StopWithin = NativeServiceLimits.InHandWithin };

    protected override void StepMade(Instance before, Instance after)
    {
        foreach (var fact in InstanceFacts.Between(before, after, World.Now())) Tell(fact);
    }

    protected override int Serve() => SupervisorProcess.Run(Place, guard: null, Log, unit: Place.Service, witness: this, withoutKey: ownAccount);

    protected override void Tell(NativeInput fact)
    {
        told = true;
        base.Tell(fact);
    }

    private void Reload()
    {
        foreach (var status in Loop.Statuses.ToList())
            Loop.Ask(status.Instance, ticket => new Input.ReloadAsked(ticket), problem => { if (problem is not null) Log.Say([problem]); });
    }

    /// <summary>How it goes, the steps of the instance tell (<see cref="InstanceFacts"/>); only what was refused has none.</summary>
    private void AskForPause(Func<long, Input> question, Func<string, NativeInput> failed)
    {
        foreach (var status in Loop.Statuses.ToList())
        {
            Loop.Ask(status.Instance, question, problem =>
            {
                if (problem is null) return;
                Log.Say([problem]);
                if (problem.Kind != ProblemKind.Failed) Tell(failed(problem.What));
            });
        }
    }

    /// <summary>Of the one instance that it has an order for; null: of none yet, or of one that cannot be read, which the loop tells.</summary>
    private static ServiceSpec? SpecOf(SupervisorPlace place) => place.Orders().FirstOrDefault()?.Plan.Spec;
}
