using System.Runtime.InteropServices;
using Holdfast.Core.Health;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;
using Holdfast.Supervisor.Launching;

namespace Holdfast.Supervisor.Loop;

/// <summary>
/// Keeps one instance: feeds its machine and carries out what that asks for, on the loop's thread. Answers that are there
/// at once are fed in the same turn, which is what makes the first restart immediate.
/// </summary>
internal sealed class Keeper : IDisposable
{
    private readonly World world;
    private readonly ProcessTree tree;
    private readonly InstanceStarter starter;
    private readonly Queue<Input> pending = new();
    private readonly Action<Keeper> changed;
    private InstanceMemory? remembered;
    private bool feeding;
    private TimeSpan? killedAt;

    /// <param name="changed">Called after every turn of its machine.</param>
    public Keeper(long id, Instance state, World world, Action<Keeper> changed)
    {
        Id = id;
        State = state;
        Name = state.Desired.Plan.Instance;
        this.world = world;
        this.changed = changed;
        tree = new ProcessTree(Name, world.Host, world.Trees)
        {
            OnMainExit = TakeMainExit,
            OnEmpty = TakeEmpty,
            OnUse = container =>
            {
                if (Lease is { } lease) world.Deadlines.Add(Name, lease, container);
            },
        };
        starter = new InstanceStarter(id, Name, tree, world);
    }

    public long Id { get; }

    public string Name { get; }

    public Instance State { get; private set; }

    /// <summary>It was removed: nothing is left of it.</summary>
    public bool Gone { get; private set; }

    /// <summary>It waits for others and wants to be told.</summary>
    public bool LooksAfter { get; private set; }

    /// <summary>What <see cref="Deadlines"/> has in its queue for it.</summary>
    public TimeSpan? Due { get; set; }

    public TimeSpan? NextDue
    {
        get
        {
            var (own, sides) = (State.NextDue, tree.NextDue);
            return !(own <= sides) ? sides ?? own : own;
        }
    }

    /// <summary>Under which it acts, or is to act; null: it is not led.</summary>
    public long? Lease => (State.MayHaveProcesses ? State.Active ?? State.Desired : State.Desired).Plan.Lease;

    private bool IsWaiting => State.Phase is Phase.Waiting or Phase.Promoting { By: null };

    public InstanceStatus Status => InstanceStatuses.Of(State, world.Output.StatusOf(Name), tree.Containment);

    public void Feed(Input input)
    {
        pending.Enqueue(input);
        if (feeding || Gone) return;
        feeding = true;
        while (pending.TryDequeue(out var next))
        {
            var before = State;
            var step = InstanceMachine.Step(before, next, world.Now());
            State = step.State;
            world.StepMade?.Invoke(before, State);
            foreach (var effect in step.Effects) CarryOut(effect);
        }

        feeding = false;
        if (!State.MayHaveProcesses) world.Deadlines.Remove(Name);
        LooksAfter = IsWaiting;
        changed(this);
    }

    public void PassTime()
    {
        tree.KillLate(world.Uptime);
        if (State.NextDue <= world.Uptime) Feed(new Input.TimePassed());
        else changed(this);
    }

    /// <summary>Its lease was extended: what runs of it is to see that.</summary>
    public void ShowLease()
    {
        if (State.MayHaveProcesses) starter.ShowLease((State.Active ?? State.Desired).Plan);
    }

    /// <summary>Kills its tree without asking; its machine then sees it end.</summary>
    public void KillNow() => tree.Kill();

    /// <summary>Takes what its service says.</summary>
    public void TakeNotifications()
    {
        foreach (var input in starter.ReadNotifications(State)) Feed(input);
    }

    /// <summary>Why operators may put nothing into its standard input; null: they may.</summary>
    public Problem? WhyNoInput => State.Desired.Plan.Spec.Stdin == StdinAccess.Open || starter.Stdin.Handle is not null ? null : InputProblems.Closed(Name);

    public void TakeInput(InputFrame frame)
    {
        if (WhyNoInput is { } why) frame.Answer(new Taken(0, why));
        else starter.Stdin.Take(frame, runs: tree.Main is not null);
    }

    public void WithdrawInput(object sender) => starter.Stdin.Withdraw(sender);

    /// <summary>Its process has read, and may take more.</summary>
    public void GoOnWithInput() => starter.Stdin.GoOn();

    /// <summary>All that the next image must know of it.</summary>
    public InstanceHandover HandOver() => InstanceHandover.Of(State) with
    {
        Tree = tree.HandOver(),
        Output = world.Output.HandOver(Name),
        Launch = starter.HandOver(),
        Input = starter.Stdin.HandOver(),
    };

    /// <summary>What of its handles must stay open for the next image, beside its output's.</summary>
    public IEnumerable<SafeHandle> Handles => new[] { starter.NotifyHandle, starter.Stdin.Handle }.OfType<SafeHandle>();

    /// <summary>Goes on with what runs of it.</summary>
    public Outcome<Done> TakeOver(InstanceHandover earlier)
    {
        var plan = (State.Active ?? State.Desired).Plan;
        LooksAfter = IsWaiting;
        starter.TakeOver(earlier.Launch);
        if (earlier.Input is { } input) starter.Stdin.TakeOver(input);
        return tree.TakeOver(earlier.Tree, plan.Spec.Limits, FinishOf).Then(_ => world.Output.TakeOver(plan, earlier.Launch.SecretValues, earlier.Output));
    }

    public void Dispose() => starter.Dispose();

    private void TakeEmpty()
    {
        if (killedAt is { } at && world.Uptime - at is var took && took > world.LongestKill) world.LongestKill = took;
        killedAt = null;
        world.Deadlines.Empty(Name);
        Feed(new Input.ContainerEmpty(State.Run));
    }

    private void TakeMainExit(ProcessExit exit)
    {
        // Before its machine starts the next one, which has a pipe of its own.
        starter.Stdin.End();
        Feed(new Input.Exited(State.Run, exit.At(world.Clock.GetUtcNow()), NoteOn(exit)));
    }

    private Action<string?, TimeSpan> FinishOf(string kind, long run)
    {
        if (SideKind.ProbeOf(kind) is { } probe) return (failure, took) => Feed(new Input.Probed(run, probe, new ProbeVerdict(failure is null, failure, took)));
        var hook = SideKind.HookOf(kind) ?? throw new InvalidDataException($"{kind} is neither a hook nor a probe");
        return (failure, _) => Feed(new Input.HookFinished(run, hook, failure));
    }

    private void CarryOut(Effect effect)
    {
        switch (effect)
        {
            case Effect.StartProcess start:
                // A hook may have taken its time since it was let in.
                if (Lease is { } lease && world.Leases.WhyNotRun(lease, world.Uptime) is { } over) pending.Enqueue(new Input.Fenced(over));
                else pending.Enqueue(starter.Start(State, start.Run));
                break;
            case Effect.RunHook hook:
                if (starter.RunHook(State, hook, failure => Feed(new Input.HookFinished(hook.Run, hook.Hook, failure))) is { } refused) pending.Enqueue(refused);
                break;
            case Effect.Signal signal:
                tree.Signal(signal.Name);
                break;
            case Effect.KillContainer:
                killedAt ??= world.Uptime;
                tree.Kill();
                break;
            case Effect.RunProbe probe:
                RunProbe(probe);
                break;
            case Effect.CallService call:
                Call(call);
                break;
            case Effect.PutUnderLease:
                tree.UseAgain();
                ShowLease();
                break;
            case Effect.CallPromotion call:
                CallPromotion(call);
                break;
            case Effect.Suspend suspend:
                var suspended = tree.Suspend();
                pending.Enqueue(suspended.IsOk
                    ? new Input.Suspended(suspend.Run, suspended.Value)
                    : new Input.PauseAnswered(suspend.Run, PauseAct.Pause, string.Join("; ", suspended.Problems)));
                break;
            case Effect.LetRun let:
                var goes = tree.LetRun();
                pending.Enqueue(new Input.PauseAnswered(let.Run, PauseAct.Continue, goes.IsOk ? null : string.Join("; ", goes.Problems)));
                break;
            case Effect.WriteEvent happened:
                world.Journal.Write(KeeperEvents.Of(happened, State, world.Clock.GetUtcNow()));
                break;
            case Effect.Save:
                Save();
                break;
            case Effect.Reply reply:
                if (world.Tickets.Remove(reply.Ticket, out var answer)) answer(reply.Problem);
                break;
            case Effect.Forget:
                Forget();
                break;
            case Effect.StopProbes or Effect.LookAfter:
                // Late verdicts carry a run and a state that do not want them; who waits is looked at after every turn.
                break;
        }
    }

    private void RunProbe(Effect.RunProbe probe)
    {
        var plan = (State.Active ?? State.Desired).Plan;
        if (HealthMachine.SpecOf(plan.Spec, probe.Probe) is not { } spec) return;
        if (spec.Exec is { } exec)
        {
            var failure = starter.RunExecProbe(State, probe, exec, spec.Timeout, verdict => Feed(new Input.Probed(probe.Run, probe.Probe, verdict)));
            if (failure is not null) pending.Enqueue(failure);
            return;
        }

        world.Prober.Start(plan, spec, verdict => Feed(new Input.Probed(probe.Run, probe.Probe, verdict)));
    }

    private void Call(Effect.CallService call)
    {
        var plan = (State.Active ?? State.Desired).Plan;
        if (plan.Spec.Windows?.Pause is not { Http: { } http } pause) return;
        world.Prober.Post(plan, http.Port, call.Act == PauseAct.Pause ? http.Pause : http.Continue, pause.Timeout,
            verdict => Feed(new Input.PauseAnswered(call.Run, call.Act, verdict.Message)));
    }

    private void CallPromotion(Effect.CallPromotion call)
    {
        var plan = (State.Active ?? State.Desired).Plan;
        switch (plan.Spec.Placement.Promote)
        {
            case { Signal: { } signal }:
                var sent = tree.Signal(signal);
                pending.Enqueue(new Input.PromotionAnswered(call.Run, sent.IsOk ? null : string.Join("; ", sent.Problems)));
                break;
            case { Http: { } http } promote:
                world.Prober.Post(plan, http.Port, http.Path, promote.Timeout, verdict => Feed(new Input.PromotionAnswered(call.Run, verdict.Message)), plan.Epoch);
                break;
        }
    }

    private void Save()
    {
        var memory = InstanceMemory.Of(State, world.BootId, world.Now()) with { Capture = world.Output.StatusOf(Name) };
        if (State.Phase is Phase.Stopped or Phase.Failed or Phase.Completed) world.Secrets.Remove(Name);
        if (remembered is { } before && before with { WrittenAt = memory.WrittenAt, Since = memory.Since, Capture = memory.Capture } == memory) return;
        remembered = memory;
        world.Store.Remember(Name, memory);
    }

    /// <summary>Its output has been put on the disk: so are its counts.</summary>
    public void SaveCounts()
    {
        if (Gone || remembered is not { } before) return;
        remembered = before with { Capture = world.Output.StatusOf(Name) };
        world.Store.Remember(Name, remembered);
    }

    private void Forget()
    {
        Gone = true;
        tree.Remove();
        starter.Dispose();
        if (State.Desired.Plan.Lease is not null || Promotion.IsOf(State.Desired.Plan.Spec)) starter.ForgetLease();
        world.Output.Close(Name);
        world.Secrets.Remove(Name);
        world.Store.Forget(Name);
    }

    public void TakeExit(ChildProcess process, ProcessExit exit) => tree.TakeExit(process, exit, world.Uptime);

    /// <summary>A process that did not live long may have found its port taken: then say by whom.</summary>
    private string? NoteOn(ProcessExit exit)
    {
        if (exit.Code is null or 0 || State.Process is not { } process || world.Uptime - process.Since > TimeSpan.FromSeconds(10)) return null;
        return PortCheck.FirstTaken((State.Active ?? State.Desired).Plan.Ports);
    }
}
