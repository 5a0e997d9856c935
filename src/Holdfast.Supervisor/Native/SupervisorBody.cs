using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Services;
using Holdfast.Supervisor.Loop;

namespace Holdfast.Supervisor.Native;

/// <summary>
/// A supervisor as a service that the SCM knows. Its loop has a thread of its own; what the SCM wants is carried out on the SCM's and handed to
/// the loop.
/// </summary>
[SupportedOSPlatform("windows")]
internal abstract class SupervisorBody(SupervisorPlace place, Log log) : INativeServiceBody, ISupervisorWitness
{
    private NativeServiceLink? link;
    private SupervisorLoop? loop;
    private World? world;
    private bool over;

    protected SupervisorPlace Place { get; } = place;

    protected Log Log { get; } = log;

    protected SupervisorLoop Loop => loop!;

    protected World World => world!;

    /// <summary>To be called before anything else of the process; the exit code.</summary>
    /// <param name="name">As it is installed.</param>
    protected static int Run(string name, Log log, Func<SupervisorBody> make)
    {
        var ran = NativeServiceHost.Run(name, make);
        if (ran.IsOk) return ExitCode.Ok;
        log.Say(ran.Problems);
        return ExitCode.For(ran.Problems[0].Kind);
    }

    public NativeServicePlan Begin(NativeServiceLink link)
    {
        this.link = link;
        new Thread(Keep) { Name = "supervisor", IsBackground = true }.Start();
        return Plan();
    }

    public virtual void CarryOut(NativeEffect effect)
    {
        switch (effect)
        {
            case NativeEffect.StopInstance stop:
                Post(() =>
                {
                    Log.Say($"stopping: {stop.Why}");
                    Loop.End();
                });
                break;
            case NativeEffect.KillInstance:
                Post(() => Loop.Kill());
                break;
            case NativeEffect.CloseHost:
                // Nothing runs any more; the loop's end is the host's.
                Post(() => { if (!Loop.Ending) Loop.End(); });
                break;
            case NativeEffect.Abandon abandoned:
                Log.Say($"abandoned: {abandoned.Why}");
                break;
        }
    }

    public void Begin(SupervisorLoop loop, World world)
    {
        this.world = world;
        world.StepMade = StepMade;
        Volatile.Write(ref this.loop, loop);
    }

    public abstract void Restored();

    protected abstract NativeServicePlan Plan();

    /// <summary>An instance has made a step; on the loop's thread.</summary>
    protected abstract void StepMade(Core.Supervision.Instance before, Core.Supervision.Instance after);

    /// <summary>Runs the supervisor to its end; the exit code.</summary>
    protected abstract int Serve();

    /// <summary>What the SCM is told when it has ended in order.</summary>
    protected virtual void Ended()
    {
    }

    /// <summary>Whether the SCM has taken the time-out: without it nobody knows when PRESHUTDOWN is cut off.</summary>
    protected static bool HasPreshutdown(string service) =>
        ServiceControlManager.Local().HasPreshutdown(service);

    protected virtual void Tell(NativeInput fact) => link!.Tell(fact);

    /// <summary>To the loop's thread. Before there is a loop the SCM can ask for nothing but a stop, which waits; where there will be none, there is nothing to be done.</summary>
    protected void Post(Action act)
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref loop) is not null || Volatile.Read(ref over));
        if (Volatile.Read(ref loop) is not null) World.Inbox.Post(act);
    }

    private void Keep()
    {
        try
        {
            var code = Serve();
            if (code == ExitCode.Ok) Ended();
            link!.Tell(code == ExitCode.Ok ? new NativeInput.HostClosed() : new NativeInput.HostFailed($"the supervisor ended with {code}; see {Place.Log}"));
        }
        catch (Exception bug)
        {
            Log.Say(bug.ToString());
            link!.Tell(new NativeInput.HostFailed(bug.Message));
        }
        finally
        {
            Volatile.Write(ref over, true);
        }
    }
}
