using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

/// <summary>
/// A world that carries out what the machine asks for, late and in odd orders, and checks after every step what must hold.
/// </summary>
internal sealed class RandomLife
{
    private readonly Random random;
    private readonly ServiceSpec spec;
    private readonly List<TimeSpan> automatic = [];
    private readonly Queue<Input> owed = new();
    private TimeSpan clock;
    private readonly HashSet<long> asked = [];
    private bool alive;
    private bool suspended;
    private long ticket;
    private int pid = 100;
    private int release = 1;
    private long incarnation = 1;
    private long epoch = 1;
    private bool permitted;
    private bool gone;

    public RandomLife(int seed)
    {
        random = new Random(seed);
        var hook = new HookSpec { Command = ["/bin/hook"] };
        spec = Plans.Spec with
        {
            Restart = new RestartSpec
            {
                Attempts = random.Next(0, 4),
                Window = TimeSpan.FromSeconds(random.Next(10, 120)),
                ResetAfter = TimeSpan.FromSeconds(random.Next(120, 300)),
                Policy = (RestartPolicy)random.Next(0, 3),
                PermanentCodes = [78],
            },
            Hooks = new HooksSpec
            {
                PreStart = random.Next(3) == 0 ? hook : null,
                PreStop = random.Next(3) == 0 ? hook : null,
                PostStop = random.Next(3) == 0 ? hook : null,
                PostStart = random.Next(3) == 0 ? hook : null,
            },
            Health = new HealthSpec
            {
                Startup = random.Next(3) == 0 ? Probe() : null,
                Liveness = random.Next(3) == 0 ? Probe() : null,
                Readiness = random.Next(3) == 0 ? Probe() : null,
            },
            Ready = (ReadyWhen)random.Next(0, 3),
            Watchdog = random.Next(3) == 0 ? TimeSpan.FromSeconds(3) : null,
            Windows = new WindowsSpec { NativeService = true, Pause = AnyPause(hook) },
            Placement = AnyPlacement(hook),
        };
        State = Instance.New(Wanted(RunState.Running), Now());
    }

    public Instance State { get; private set; }

    /// <summary>What happens to the state between two steps: it is handed over, for instance.</summary>
    public Func<Instance, Moment, Instance> Between { get; init; } = (state, _) => state;

    public bool Alive => alive;

    public void Live(int steps)
    {
        permitted = true;
        Feed(new Input.Applied(State.Desired));
        for (var i = 0; i < steps && !gone; i++)
        {
            clock += TimeSpan.FromMilliseconds(random.Next(0, 4000));
            if (owed.Count > 0 && random.Next(2) == 0) Feed(owed.Dequeue());
            else if (State.NextDue <= clock) Feed(new Input.TimePassed());
            else Feed(Anything());
        }
    }

    /// <summary>From now on the world does what it is told: whatever is wanted must come about within some steps.</summary>
    public void Cooperate(Input wish)
    {
        permitted = true;
        Feed(wish);
        for (var i = 0; i < 200 && !gone; i++)
        {
            if (owed.TryDequeue(out var next)) Feed(next);
            else if (alive && State.Phase is Phase.Terminating) Exit();
            else if (State.NextDue is { } due)
            {
                clock = due > clock ? due : clock;
                Feed(new Input.TimePassed());
            }
        }
    }

    private void Feed(Input input)
    {
        var step = InstanceMachine.Step(State, input, Now());
        var renewed = step.State.Active is { } active && (State.Active is not { } before || Named(active, before.Plan.StandsBy) != Named(before, before.Plan.StandsBy));
        if (renewed) automatic.Clear();
        State = Between(step.State, Now());
        Assert.False(string.IsNullOrWhiteSpace(step.Reason), $"no reason after {input}");
        foreach (var effect in step.Effects) CarryOut(effect);
        if (State.Phase is Phase.Stopped or Phase.Failed or Phase.Completed or Phase.BackingOff or Phase.Waiting or Phase.Gone)
            Assert.False(alive, $"{State.Phase} while a tree lives, after {input}");
        if (State.Phase is not (Phase.Pausing or Phase.Paused or Phase.Continuing or Phase.Emptying))
            Assert.False(suspended && alive, $"{State.Phase} while all of it is suspended, after {input}");
        if (State.Phase is not (Phase.Pausing or Phase.Continuing) && State.Reloading is null)
            Assert.Empty(asked);
    }

    private void CarryOut(Effect effect)
    {
        switch (effect)
        {
            case Effect.StartProcess start:
                Assert.False(alive, "two trees at once");
                Assert.False(gone, "a start after the end");
                Assert.True(permitted, "a start that nobody ordered and governance did not count");
                permitted = false;
                if (random.Next(6) == 0)
                {
                    owed.Enqueue(new Input.StartFailed(start.Run, "no such command"));
                    break;
                }

                alive = true;
                owed.Enqueue(new Input.Started(start.Run, ++pid, pid));
                break;
            case Effect.RunHook hook:
                Assert.True(hook.Hook is not HookKind.PreStart || !alive, "a preStart hook beside a tree");
                owed.Enqueue(new Input.HookFinished(hook.Run, hook.Hook, random.Next(3) == 0 ? "exit code 1" : null));
                break;
            case Effect.KillContainer kill:
                if (alive) Exit();
                owed.Enqueue(new Input.ContainerEmpty(kill.Run));
                break;
            case Effect.RunProbe probe:
                owed.Enqueue(new Input.Probed(probe.Run, probe.Probe, new ProbeVerdict(random.Next(3) > 0, "nobody listens", TimeSpan.Zero)));
                break;
            case Effect.CallService call:
                owed.Enqueue(new Input.PauseAnswered(call.Run, call.Act, random.Next(3) == 0 ? "HTTP status 500" : null));
                break;
            case Effect.CallPromotion call:
                Assert.False(State.Active?.Plan.StandsBy ?? true, "a promotion of what stands by");
                owed.Enqueue(new Input.PromotionAnswered(call.Run, random.Next(3) == 0 ? "HTTP status 500" : null));
                break;
            case Effect.LookAfter:
                owed.Enqueue(new Input.AfterChanged(random.Next(3) == 0 ? "until when it may act was not told yet" : null));
                owed.Enqueue(new Input.AfterChanged(null));
                break;
            case Effect.Suspend suspend:
                owed.Enqueue(random.Next(4) == 0 ? new Input.PauseAnswered(suspend.Run, PauseAct.Pause, "refused") : new Input.Suspended(suspend.Run, random.Next(2) == 0));
                suspended = alive;
                break;
            case Effect.LetRun let:
                owed.Enqueue(new Input.PauseAnswered(let.Run, PauseAct.Continue, random.Next(5) == 0 ? "refused" : null));
                suspended = false;
                break;
            case Effect.Signal:
                Assert.False(suspended, "a signal to what is suspended and hears none");
                break;
            case Effect.Reply reply:
                Assert.True(asked.Remove(reply.Ticket), "an answer to nobody, or a second one");
                break;
            case Effect.WriteEvent { Kind: EventKind.RestartScheduled }:
                CountRestart();
                break;
            case Effect.Forget:
                gone = true;
                break;
        }
    }

    /// <summary>Law 5: never more automatic restarts within a window than allowed (health that forgives lasts longer than any window here).</summary>
    private void CountRestart()
    {
        permitted = true;
        automatic.Add(clock);
        Assert.True(automatic.Count(a => clock - a < spec.Restart.Window) <= spec.Restart.Attempts, "more restarts than the budget");
    }

    private void Exit()
    {
        (alive, suspended) = (false, false);
        var roll = random.Next(4);
        owed.Enqueue(new Input.Exited(State.Run, roll switch
        {
            0 => new ExitInfo(0, null, false, DateTimeOffset.UnixEpoch),
            1 => new ExitInfo(78, null, false, DateTimeOffset.UnixEpoch),
            2 => new ExitInfo(1, null, false, DateTimeOffset.UnixEpoch),
            _ => new ExitInfo(null, "SIGKILL", false, DateTimeOffset.UnixEpoch),
        }));
    }

    private Input Anything()
    {
        switch (random.Next(18))
        {
            case 0:
                permitted = true;
                incarnation++;
                return new Input.Applied(Wanted(RunState.Running));
            case 1:
                permitted = true;
                release++;
                return new Input.Applied(Wanted(RunState.Running));
            case 2:
                permitted = true;
                return new Input.Applied(Wanted(RunState.Stopped));
            case 3:
                permitted = true;
                return new Input.Applied(Wanted(RunState.Running));
            case 4 when alive:
                Exit();
                return owed.Dequeue();
            case 5: return new Input.SaidReady(State.Run);
            case 6: return new Input.SaidAlive(State.Run);
            case 7: return new Input.SaidMoreTime(State.Run, TimeSpan.FromSeconds(2));
            case 8: return new Input.Exited(State.Run - 1, new ExitInfo(1, null, false, DateTimeOffset.UnixEpoch));
            case 9: return new Input.ReloadAsked(Ticket());
            case 10 when !suspended: return new Input.SignalAsked(Ticket(), "HUP");
            case 11: return new Input.SaidStopping(State.Run);
            case 12: return new Input.ContainerEmpty(State.Run - 1);
            case 13 or 14: return new Input.PauseAsked(Ticket());
            case 15 or 16: return new Input.ContinueAsked(Ticket());
            default: return new Input.TimePassed();
        }
    }

    /// <summary>What stands by hot leads now and then, each time in another epoch.</summary>
    private DesiredInstance Wanted(RunState run)
    {
        var wanted = Plans.Wanted(spec, run, release, incarnation);
        if (!Promotion.IsOf(spec)) return wanted;
        long? now = random.Next(2) == 0 ? random.Next(3) == 0 ? ++epoch : epoch : null;
        return wanted with { Plan = wanted.Plan with { StandsBy = now is null, Epoch = now, Lease = now is null ? null : 77 } };
    }

    /// <summary>What a new one of has its restarts counted anew. A standby that leads is no new one.</summary>
    private static (long Incarnation, int Release, long? Epoch, bool StandsBy) Named(DesiredInstance one, bool fromStandby) =>
        (one.Incarnation, one.Plan.Release, fromStandby ? null : one.Plan.Epoch, !fromStandby && one.Plan.StandsBy);

    private PlacementSpec AnyPlacement(HookSpec hook) => random.Next(6) switch
    {
        0 => Hot(new PromoteSpec { Hook = hook }),
        1 => Hot(new PromoteSpec { Http = new PromoteHttp("http", "/promote"), Timeout = TimeSpan.FromSeconds(random.Next(1, 10)) }),
        2 => Hot(new PromoteSpec { Signal = "USR1" }),
        _ => new PlacementSpec(),
    };

    private static PlacementSpec Hot(PromoteSpec promote) => new() { Mode = PlacementMode.ActiveStandby, Standby = Holdfast.Core.Leadership.Standby.Hot, Promote = promote };

    private long Ticket()
    {
        asked.Add(++ticket);
        return ticket;
    }

    private PauseSpec? AnyPause(HookSpec hook) => random.Next(4) switch
    {
        0 => null,
        1 => new PauseSpec { Hooks = new PauseHooks(hook, hook) },
        2 => new PauseSpec { Http = new PauseHttp("http", "/pause", "/continue"), Timeout = TimeSpan.FromSeconds(random.Next(1, 10)) },
        _ => new PauseSpec { Suspend = true, Timeout = TimeSpan.FromSeconds(random.Next(1, 10)) },
    };

    private ProbeSpec Probe() => new() { Tcp = new TcpProbe("http"), Interval = TimeSpan.FromSeconds(2), Failures = 2 };

    private Moment Now() => new(clock, DateTimeOffset.UnixEpoch + clock, random.NextDouble());
}
