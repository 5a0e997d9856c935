using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;

namespace Holdfast.Testing.Simulation;

/// <summary>A node: an agent with the real decisions, and a model of a supervisor that keeps the deadline and owns the process.</summary>
internal sealed partial class NodeModel
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3), Tick = TimeSpan.FromMilliseconds(200);

    /// <summary>A kill, and a timer's lateness before it.</summary>
    private static readonly TimeSpan KillAtMost = TimeSpan.FromMilliseconds(800);

    private readonly World world;
    private readonly StoreModel store;
    private readonly SinkModel sink;
    private readonly Breakage breakage;
    private readonly double rate;
    private readonly Action<NodeModel> moved;
    private readonly Inbox agent, supervisor;
    private readonly Dictionary<long, TimeSpan> deadlines = [];

    // The agent's memory: gone when it dies.
    private LeaseState lease = LeaseMachine.Begin;
    private LeadershipState leadership;
    private Candidate? declared;
    private int life;
    private bool agentLives = true;
    private TimeSpan agentFrozenUntil, supervisorFrozenUntil, stoppedUntil, bootOffset;

    // The supervisor's.
    private (long Epoch, long Lease)? process, next;
    private bool processLives, killing, watches;
    private int processLife;
    private TimeSpan readyFrom;

    /// <param name="moved">Told of each change of its phase.</param>
    public NodeModel(string name, int preference, World world, StoreModel store, SinkModel sink, Breakage breakage, Action<NodeModel> moved)
    {
        (Name, Preference, this.world, this.store, this.sink, this.breakage, this.moved) = (name, preference, world, store, sink, breakage, moved);
        Link = new LinkModel(world, store);
        agent = new Inbox(world, () => Latest(agentFrozenUntil));
        supervisor = new Inbox(world, () => Latest(supervisorFrozenUntil));
        rate = 1 + ((world.Chance.NextDouble() - 0.5) * 0.008);
        bootOffset = TimeSpan.FromSeconds(world.Chance.Next(1, 100_000));
        leadership = NewLeadership();
        world.After(world.Between(0, 500), BeginTicks);
    }

    public string Name { get; }

    public int Preference { get; }

    public string Phase => leadership.Phase.GetType().Name;

    public LinkModel Link { get; }

    public Action<Decision> Decided { get; init; } = _ => { };

    public bool KillingIsSlow { get; set; }

    public bool Drained { get; set; }

    /// <summary>The epoch in which its process acts at this moment, if one does.</summary>
    public long? ActsIn => processLives && !IsStopped ? process!.Value.Epoch : null;

    /// <summary>Until when a process past its deadline is nobody's fault: what should have killed it could not, and then takes its time.</summary>
    public TimeSpan ExcusedUntil { get; private set; }

    private bool IsStopped => world.Now < stoppedUntil;

    /// <summary>Since boot, suspend included, as this node's clock has it.</summary>
    private TimeSpan Boot => bootOffset + (world.Now * rate);

    private TimeSpan KillTime => KillingIsSlow ? TimeSpan.FromMilliseconds(700) : world.Between(1, 60);

    private static DateTimeOffset Wall(TimeSpan now) => DateTimeOffset.UnixEpoch + now;

    public void KillAgent(TimeSpan back)
    {
        if (!agentLives) return;
        agentLives = false;
        life++;
        // What the one before had asked of the supervisor comes first: until it answers, nobody knows what runs.
        world.After(back, () => supervisor.Do(StartAgent));
    }

    public void FreezeAgent(TimeSpan time) => agentFrozenUntil = Later(agentFrozenUntil, world.Now + time);

    public void FreezeSupervisor(TimeSpan time)
    {
        supervisorFrozenUntil = Later(supervisorFrozenUntil, world.Now + time);
        Excuse(supervisorFrozenUntil);
    }

    public void LosePower(TimeSpan back)
    {
        EndProcess();
        (process, next, killing) = (null, null, false);
        deadlines.Clear();
        RebootClock();
        KillAgent(back);
    }

    /// <param name="clockCounts">Suspend; else the machine is paused by its host and does not know.</param>
    public void StopMachine(TimeSpan time, bool clockCounts)
    {
        if (IsStopped) return;
        stoppedUntil = world.Now + time;
        if (!clockCounts || breakage == Breakage.ClockStandsInSuspend) bootOffset -= time * rate;
        // With a broken clock only what a true one would need is excused.
        Excuse(clockCounts ? stoppedUntil : stoppedUntil + Length);
        world.After(time, () =>
        {
            KeepDeadline();
            if (clockCounts) InAgent(() => TakeLease(new LeaseInput.TimeDoubted("the machine slept")));
        });
    }

    public void EndService()
    {
        if (!processLives || IsStopped) return;
        readyFrom = world.Now + TimeSpan.FromSeconds(2);
        EndProcess();
        InSupervisor(() => TellEnded("the service ended by itself"));
    }

    public void JumpWallClock() => InAgent(() => TakeLease(new LeaseInput.TimeDoubted("the wall clock jumped")));

    /// <summary>What the store shows, some time later.</summary>
    public void Show(LeadershipView view, IReadOnlyList<string> members) => Link.Receive(() => InAgent(() => See(view, members)));

    private void BeginTicks()
    {
        world.After(Tick, BeginTicks);
        // What was not told is looked at, and at first all of it.
        if (!hasLooked || world.OneIn(20)) Link.Ask(InThisLife(), () => (store.View(), store.Members), seen => See(seen.Item1, seen.Members, asked: true));
        InAgent(() =>
        {
            TakeLease(new LeaseInput.TimePassed());
            TakeHold(new HoldInput.TimePassed());
            TakeLeadership(new LeadershipInput.TimePassed());
            Declare();
        });
    }

    private static FailoverBudget Unlimited { get; } = new(int.MaxValue, TimeSpan.FromHours(1));

    private LeadershipState NewLeadership() => LeadershipState.Of(Name) with { Budget = Unlimited, Promise = promise };

    private void Declare()
    {
        if (lease is not LeaseState.Held { Doubt: null } held || !isMember) return;
        var own = new Candidate(Name, held.Id, Preference, Standby.Hot, world.Now >= readyFrom, Drained ? "it is drained" : null);
        // A word that was lost on its way is said again.
        if (own == declared && !world.OneIn(10)) return;
        declared = own;
        if (!IsStopped) Link.Send(() => store.Declare(own));
    }

    private void TakeLease(LeaseInput input)
    {
        var before = (lease as LeaseState.Held)?.Id;
        var step = LeaseMachine.Step(lease, input, Boot, TimeSpan.Zero);
        Decided(new Decision.OfLease(lease, input, Boot, TimeSpan.Zero, step));
        lease = step.State;
        foreach (var effect in step.Effects) Do(effect);
        var now = (lease as LeaseState.Held)?.Id;
        if (before is { } over && now != before) TakeHold(new HoldInput.Lost(over, step.Reason));
        if (input is LeaseInput.TimeDoubted doubted) TakeHold(new HoldInput.TimeDoubted(doubted.Why));
        if (lease is LeaseState.Held { From: var from } && step.Effects.Any(effect => effect is LeaseEffect.Extend)) TakeHold(new HoldInput.Renewed(now!.Value, from));
        if (now != before) TakeLeadership(new LeadershipInput.LeaseIs(now));
    }

    private void Do(LeaseEffect effect)
    {
        switch (effect)
        {
            case LeaseEffect.Ask ask:
                Link.Ask(
                    InThisLife(),
                    () => store.Grant(Length),
                    id => TakeLease(new LeaseInput.Granted(id, Length, ask.SentAt)),
                    () => TakeLease(new LeaseInput.Unanswered(ask.SentAt, "no answer")));
                break;
            case LeaseEffect.Renew renew:
                Link.Ask(
                    InThisLife(),
                    () => store.Renew(renew.Id),
                    lives => TakeLease(lives ? new LeaseInput.Renewed(renew.Id, breakage == Breakage.CountsFromTheAnswer ? Boot : renew.SentAt) : new LeaseInput.Gone(renew.Id)),
                    () => TakeLease(new LeaseInput.Unanswered(renew.SentAt, "no answer")));
                break;
            case LeaseEffect.Extend extend:
                var hard = breakage == Breakage.DeadlineTooLate ? extend.HardAt + (Length * 0.6) : extend.HardAt;
                InSupervisor(() =>
                {
                    deadlines[extend.Id] = hard;
                    WatchDeadline(extend.Id);
                });
                break;
            case LeaseEffect.Fence fence:
                // It knows: from now on a kill is all that it may take.
                if (hold is not { IsOver: false }) ExcusedUntil = Latest(supervisorFrozenUntil) > world.Now ? ExcusedUntil : world.Now + KillAtMost;
                if (breakage != Breakage.IgnoresTheFence) InSupervisor(() =>
                {
                    deadlines.Remove(fence.Id);
                    if (process is { } found && found.Lease == fence.Id) Kill(fence.Why);
                });
                break;
        }
    }

    private void TakeLeadership(LeadershipInput input)
    {
        var before = leadership.Phase;
        var step = LeadershipMachine.Step(leadership, input, Boot, Wall(world.Now));
        Decided(new Decision.OfLeadership(leadership, input, Boot, Wall(world.Now), step));
        leadership = step.State;
        foreach (var effect in step.Effects) Do(effect);
        if (leadership.Phase is not (LeadershipPhase.Acting or LeadershipPhase.Stopping)) hold = null;
        if (leadership.Phase.GetType() != before.GetType()) moved(this);
    }

    private void Do(LeadershipEffect effect)
    {
        var (node, now) = (Name, life);
        switch (effect)
        {
            case LeadershipEffect.Take take when breakage == Breakage.EpochNotRaised && take.Epoch > 1:
                AskChange(take with { Epoch = take.Epoch - 1, Last = take.Last with { Epoch = take.Epoch - 1 } }, take.Attempt);
                break;
            case LeadershipEffect.Take or LeadershipEffect.HandOver or LeadershipEffect.Release:
                AskChange(effect, leadership.Attempt);
                break;
            case LeadershipEffect.Act act:
                var under = BeginHolding(act);
                InSupervisor(() => Begin(act.Epoch, under));
                break;
            case LeadershipEffect.Stop stop:
                if (breakage == Breakage.GivesBeforeTheEnd) InAgent(() => TakeLeadership(new LeadershipInput.Ended(stop.Epoch, "it was told to end")));
                if (breakage == Breakage.IgnoresTheFence && stop.AtOnce) break;
                InSupervisor(() => Stop(stop));
                break;
        }

        void AskChange(LeadershipEffect change, long attempt) => Link.Ask(
            InThisLife(),
            () => store.Do(node, now, change),
            done => TakeLeadership(new LeadershipInput.Changed(attempt, done ? ChangeEnd.Done : ChangeEnd.Refused)),
            () => TakeLeadership(new LeadershipInput.Changed(attempt, ChangeEnd.Unknown)));
    }

    private void Begin(long epoch, long under)
    {
        if (process is { } other)
        {
            // It begins when the one before has ended.
            if (epoch <= other.Epoch) return;
            next = (epoch, under);
            Kill("another epoch is to act");
            return;
        }

        if (IsPastDeadline(under) && breakage != Breakage.NoDeadlineInTheSupervisor)
        {
            InAgent(() => TakeLeadership(new LeadershipInput.Ended(epoch, "its deadline came before its start")));
            return;
        }

        process = (epoch, under);
        WatchDeadline(under);
        var own = ++processLife;
        world.After(world.Between(5, 100), () => InSupervisor(() =>
        {
            if (processLife != own || process is null || killing) return;
            if (IsPastDeadline(under) && breakage != Breakage.NoDeadlineInTheSupervisor)
            {
                TellEnded("its deadline came before its start");
                return;
            }

            processLives = true;
            Work(own, epoch);
        }));
    }

    private void Work(int own, long epoch)
    {
        if (processLife != own || !processLives) return;
        world.After(world.Between(50, 350), () => Work(own, epoch));
        if (!IsStopped) sink.Receive(Name, epoch);
    }

    private void Stop(LeadershipEffect.Stop stop)
    {
        if (next?.Epoch == stop.Epoch) next = null;
        if (process is not { } found || found.Epoch != stop.Epoch)
        {
            InAgent(() => TakeLeadership(new LeadershipInput.Ended(stop.Epoch, "nothing of it runs")));
            return;
        }

        if (stop.AtOnce) Kill(stop.Why);
        else world.After(world.Between(10, 400), () => InSupervisor(() => Kill(stop.Why)));
    }

    private void Kill(string why)
    {
        if (killing || process is null) return;
        killing = true;
        var own = processLife;
        world.After(KillTime, () =>
        {
            if (processLife != own) return;
            EndProcess();
            InSupervisor(() => TellEnded(why));
        });
    }

    private void EndProcess()
    {
        processLives = false;
        processLife++;
    }

    private void TellEnded(string why)
    {
        if (process is not { } ended) return;
        (process, killing) = (null, false);
        InAgent(() => TakeLeadership(new LeadershipInput.Ended(ended.Epoch, why)));
        if (next is not { } waiting) return;
        next = null;
        Begin(waiting.Epoch, waiting.Lease);
    }

    private bool IsPastDeadline(long under) => !deadlines.TryGetValue(under, out var hard) || Boot >= hard;

    private void WatchDeadline(long under)
    {
        if (breakage == Breakage.NoDeadlineInTheSupervisor || watches || !deadlines.TryGetValue(under, out var hard)) return;
        watches = true;
        var left = (hard - Boot) / rate;
        world.After(left > TimeSpan.Zero ? left + world.Between(0, 5) : TimeSpan.Zero, () =>
        {
            watches = false;
            KeepDeadline();
        });
    }

    /// <summary>A timer that comes early, because the clock stood still, is set again.</summary>
    private void KeepDeadline() => InSupervisor(() =>
    {
        if (breakage == Breakage.NoDeadlineInTheSupervisor || process is not { } found || killing) return;
        if (IsPastDeadline(found.Lease)) Kill("its deadline has passed");
        else WatchDeadline(found.Lease);
    });

    private void Excuse(TimeSpan until) => ExcusedUntil = Later(ExcusedUntil, until + KillAtMost);

    private void InAgent(Action work)
    {
        var own = life;
        agent.Do(() =>
        {
            if (agentLives && life == own) work();
        });
    }

    /// <summary>An answer finds only the agent that asked.</summary>
    private Action<Action> InThisLife()
    {
        var own = life;
        return work => InAgent(() =>
        {
            if (life == own) work();
        });
    }

    /// <summary>What it was told before its machine lost its power died with it.</summary>
    private void InSupervisor(Action work)
    {
        var boot = boots;
        supervisor.Do(() =>
        {
            if (boots == boot) work();
        });
    }

    private TimeSpan Latest(TimeSpan frozenUntil) => Later(frozenUntil, stoppedUntil);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
