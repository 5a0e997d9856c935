using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;
using Holdfast.Supervisor.Probing;
using Holdfast.Supervisor.State;

namespace Holdfast.Supervisor.Loop;

/// <summary>
/// The one thread that owns all instances and the process host. It waits for exits, messages and the next deadline at once,
/// and does nothing in between.
/// </summary>
internal sealed class SupervisorLoop(World world)
{
    /// <summary>Of the handle by which the guard is watched; keepers' notify sockets have theirs from 1 on.</summary>
    public const long GuardToken = 0;

    /// <summary>Of the handle on which a new image says whether it can take over.</summary>
    public const long ProofToken = -1;

    private readonly Dictionary<string, Keeper> keepers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Keeper> byId = [];
    private readonly Deadlines deadlines = new();
    private readonly Slack slack = new();
    private readonly List<Keeper> gone = [];
    private readonly HashSet<Keeper> waiting = [];
    private readonly UnsavedCounts unsaved = new();
    private long lastId;
    private long lastTicket;
    private bool dirty;
    private bool killed;

    /// <summary>The supervisor is ending: instances are being stopped, nothing new is taken.</summary>
    public bool Ending { get; private set; }

    /// <summary>Called when the guard has ended.</summary>
    public Action GuardGone { get; set; } = () => { };

    /// <summary>Called when a new image has said something.</summary>
    public Action ProofReadable { get; set; } = () => { };

    /// <summary>All of them, as they are handed over.</summary>
    public IReadOnlyList<InstanceHandover> HandOver() => [.. keepers.Values.Where(keeper => !keeper.Gone).Select(keeper => keeper.HandOver())];

    /// <summary>Something here acts under a lease, or is to.</summary>
    public bool IsLed => keepers.Values.Any(keeper => keeper.Lease is not null);

    /// <summary>The sockets on which services tell how they are, and the pipes that they read.</summary>
    public IEnumerable<SafeHandle> Handles => keepers.Values.SelectMany(keeper => keeper.Handles);

    public long LastTicket => lastTicket;

    /// <summary>Called at the end of every turn.</summary>
    public Action TurnOver { get; set; } = () => { };

    /// <summary>Without what is gone and not buried yet: who is told the number of its last event must not see it any more.</summary>
    public IEnumerable<InstanceStatus> Statuses => keepers.Values.Where(k => !k.Gone).Select(k => k.Status).OrderBy(s => s.Instance, StringComparer.Ordinal);

    /// <summary>Takes up what is known from before.</summary>
    public void Restore(IReadOnlyList<(InstanceOrder Order, InstanceMemory? Memory)> known)
    {
        foreach (var (order, memory) in known)
        {
            var instance = InstanceMemory.Restore(order.Desired, memory, world.BootId, world.Now());
            if (memory?.Capture is { } counts) world.Output.Recall(order.Desired.Plan.Instance, counts);
            Add(instance with { Leaving = order.Leaving });
        }

        foreach (var keeper in keepers.Values.ToList()) keeper.Feed(new Input.Resumed());
        slack.Postpone(world.Uptime);
        AfterTurn();
    }

    /// <summary>Goes on with what the earlier image of this process kept. Nothing is started or stopped by it.</summary>
    public Outcome<Done> TakeOver(SupervisorHandover earlier)
    {
        lastTicket = earlier.LastTicket;
        world.Leases = world.Leases with { Leases = earlier.Leases };
        foreach (var lease in earlier.Leases) TellDeadline(lease.Lease);
        foreach (var one in earlier.Instances)
        {
            var keeper = Add(one.Restore(world.Now()));
            var taken = keeper.TakeOver(one);
            if (!taken.IsOk) return taken;
            Changed(keeper);
        }

        if (earlier.Watchdog is { } watchdog) world.Deadlines.TakeOver(watchdog);
        AfterTurn();
        return Outcome.Done;
    }

    /// <summary>Takes an order that is on disk already.</summary>
    public void Take(InstanceOrder order)
    {
        var name = order.Desired.Plan.Instance;
        // One that went in this very turn takes no orders: this one is for its successor.
        Bury();
        if (!keepers.TryGetValue(name, out var keeper))
        {
            if (order.Leaving) return;
            keeper = Add(Instance.New(order.Desired, world.Now()));
            slack.Postpone(world.Uptime);
        }

        keeper.Feed(order.Leaving ? new Input.Removed() : new Input.Applied(order.Desired));
    }

    /// <summary>Asks one instance something; <paramref name="answer"/> is called with what stands in the way, or null.</summary>
    public void Ask(string instance, Func<long, Input> question, Action<Problem?> answer)
    {
        if (!keepers.TryGetValue(instance, out var keeper))
        {
            answer(NoInstance(instance));
            return;
        }

        var ticket = ++lastTicket;
        world.Tickets[ticket] = answer;
        keeper.Feed(question(ticket));
    }

    /// <summary>Why nothing can be put into an instance's standard input, running or not; null: it can.</summary>
    public Problem? WhyNoInput(string instance) => keepers.TryGetValue(instance, out var keeper) ? keeper.WhyNoInput : NoInstance(instance);

    /// <summary>Input for an instance, whichever process it has.</summary>
    public void TakeInput(string instance, InputFrame frame)
    {
        if (keepers.TryGetValue(instance, out var keeper)) keeper.TakeInput(frame);
        else frame.Answer(new Taken(0, NoInstance(instance)));
    }

    /// <summary>Who sent it goes.</summary>
    public void WithdrawInput(string instance, object sender)
    {
        if (keepers.TryGetValue(instance, out var keeper)) keeper.WithdrawInput(sender);
    }

    /// <summary>What acts under the lease may act until then. Null, or why it may not.</summary>
    /// <param name="watchdog">By which the machine is reset where that is not kept; null: by none.</param>
    public Problem? Extend(long lease, TimeSpan softAt, TimeSpan hardAt, WatchdogOrder? watchdog)
    {
        var extended = world.Leases.Extend(lease, softAt, hardAt, world.Uptime);
        if (!extended.TryGet(out var book)) return extended.Problems[0];
        world.Leases = book;
        TellDeadline(lease);
        world.Deadlines.Order(lease, watchdog);
        foreach (var keeper in keepers.Values.Where(keeper => keeper.Lease == lease)) keeper.ShowLease();
        dirty = true;
        return null;
    }

    /// <summary>Nothing new is started under it until it is extended.</summary>
    public void HoldBack(long lease, string why)
    {
        world.Leases = world.Leases.HoldBack(lease, why);
        dirty = true;
    }

    /// <summary>What acts under it is killed at once.</summary>
    public void Fence(long lease, string why)
    {
        world.Leases = world.Leases.Fence(lease, why);
        TellDeadline(lease);
        FenceAll(lease, why);
    }

    /// <summary>Fences what acts under leases whose deadline has passed.</summary>
    public void KeepDeadlines()
    {
        world.Leases = world.Leases.PassTime(world.Uptime);
        foreach (var lease in world.Leases.Leases.Where(lease => lease.Fenced is not null)) FenceAll(lease.Lease, lease.Fenced!);
    }

    /// <summary>Something happened around an instance that belongs into its events.</summary>
    public void Note(string instance, string kind, string what)
    {
        if (keepers.TryGetValue(instance, out var keeper)) keeper.Feed(new Input.Noted(kind, what));
    }

    /// <summary>Output of an instance has been put on the disk.</summary>
    public void NoteSynced(string instance)
    {
        if (keepers.TryGetValue(instance, out var keeper)) unsaved.Add(keeper, world.Uptime);
    }

    /// <summary>First: stop everything, those first that others come after last. Again: kill.</summary>
    public void End()
    {
        if (Ending && !killed)
        {
            killed = true;
            world.Log.Say("killing what still runs");
            foreach (var keeper in keepers.Values.Where(k => k.State.MayHaveProcesses)) keeper.KillNow();
        }

        if (!Ending) ServiceManager.Stopping();
        Ending = true;
        dirty = true;
    }

    /// <summary>Stop everything, without asking.</summary>
    public void Kill()
    {
        if (!Ending) End();
        if (!killed) End();
    }

    /// <summary>Returns when the supervisor is to end and nothing runs any more.</summary>
    public void Run()
    {
        var events = new List<HostEvent>();
        while (true)
        {
            AfterTurn();
            if (Ending && keepers.Values.All(k => !k.State.MayHaveProcesses))
            {
                unsaved.SaveAll();
                return;
            }

            events.Clear();
            world.Host.Wait(unsaved.Any ? TimeSpan.Zero : slack.Shorten(UntilNext(world.Uptime), world.Uptime), events);
            if (events.Count == 0 || unsaved.Overdue(world.Uptime)) unsaved.SaveSome();
            // Before what has happened: an end that the deadline has brought is a fence, and no crash that is restarted.
            if (world.Leases.NextHardAt <= world.Uptime) KeepDeadlines();
            foreach (var happened in events) Take(happened);
            world.Inbox.Empty();
            world.Prober.PassTime(world.Uptime);
            while (deadlines.TryTake(world.Uptime, out var keeper)) keeper.PassTime();
            if (events.Count == 0) slack.GiveBack(world.Uptime);
        }
    }

    private TimeSpan UntilNext(TimeSpan now)
    {
        var next = deadlines.UntilNext(now);
        foreach (var other in (ReadOnlySpan<TimeSpan>)[world.Prober.UntilNext(now), UntilHard(now)])
        {
            if (next < TimeSpan.Zero || (other >= TimeSpan.Zero && other < next)) next = other;
        }

        return next;
    }

    private TimeSpan UntilHard(TimeSpan now) => world.Leases.NextHardAt is { } at ? at > now ? at - now : TimeSpan.Zero : Timeout.InfiniteTimeSpan;

    private void FenceAll(long lease, string why)
    {
        foreach (var keeper in keepers.Values.Where(keeper => keeper.Lease == lease).ToList()) keeper.Feed(new Input.Fenced(why));
    }

    private void TellDeadline(long lease)
    {
        if (world.Leases.Find(lease) is { } known) world.Deadlines.Set(lease, known.Fenced is null ? known.HardAt : TimeSpan.Zero);
    }

    private void Take(HostEvent happened)
    {
        switch (happened)
        {
            case HostEvent.Exited exited:
                slack.Postpone(world.Uptime);
                if (world.Trees.TryGetValue(exited.Process.Container, out var tree)) tree.TakeExit(exited.Process, exited.Exit, world.Uptime);
                break;
            case HostEvent.Emptied emptied:
                if (world.Trees.TryGetValue(emptied.Container.Name, out var empty)) empty.TakeEmptied(world.Uptime);
                break;
            case HostEvent.Readable { Token: GuardToken }:
                GuardGone();
                break;
            case HostEvent.Readable { Token: ProofToken }:
                ProofReadable();
                break;
            case HostEvent.Readable { Token: <= Prober.FirstToken } socket:
                world.Prober.TakeReady(socket.Token);
                break;
            case HostEvent.Readable { Token: >= InstanceInput.FirstToken } room:
                if (byId.TryGetValue(room.Token - InstanceInput.FirstToken, out var fed)) fed.GoOnWithInput();
                break;
            case HostEvent.Readable readable:
                if (byId.TryGetValue(readable.Token, out var keeper)) keeper.TakeNotifications();
                break;
        }
    }

    private static Problem NoInstance(string instance) => new(ProblemKind.NotFound, "supervision.no-instance", $"there is no instance {instance}");

    private Keeper Add(Instance instance)
    {
        var keeper = new Keeper(++lastId, instance, world, Changed);
        keepers[keeper.Name] = keeper;
        byId[keeper.Id] = keeper;
        return keeper;
    }

    private void Changed(Keeper keeper)
    {
        dirty = true;
        if (keeper.LooksAfter && !keeper.Gone) waiting.Add(keeper);
        else waiting.Remove(keeper);
        if (keeper.Gone) gone.Add(keeper);
        else deadlines.Set(keeper, keeper.NextDue);
    }

    private void AfterTurn()
    {
        // Starting one may let the next one start: until nothing changes any more.
        while (dirty)
        {
            dirty = false;
            Bury();
            if (Ending) HaltNext();
            else TellWhoWaits();
        }

        world.Journal.Flush();
        TurnOver();
    }

    private void Bury()
    {
        foreach (var keeper in gone)
        {
            deadlines.Set(keeper, null);
            if (keepers.GetValueOrDefault(keeper.Name) == keeper) keepers.Remove(keeper.Name);
            byId.Remove(keeper.Id);
        }

        gone.Clear();
    }

    private void TellWhoWaits()
    {
        if (waiting.Count == 0) return;
        var node = ServiceProgresses.Of(keepers.Values.Select(k => k.State));
        foreach (var keeper in waiting.OrderBy(keeper => keeper.Id).ToList())
        {
            var blocker = keeper.State.Phase is Phase.Waiting { LeaseOnly: true } or Phase.Promoting ? null : StartOrder.Blocker(keeper.State.Desired.Plan.Service, node);
            if (blocker is null && keeper.Lease is { } lease) blocker = world.Leases.WhyNotStart(lease, world.Uptime) ?? world.Deadlines.WhyNotAct(keeper.Name, lease);
            if (blocker is null || blocker != keeper.State.Reason) keeper.Feed(new Input.AfterChanged(blocker));
        }
    }

    private void HaltNext()
    {
        var node = ServiceProgresses.Of(keepers.Values.Select(k => k.State));
        var running = keepers.Values.Where(k => k.State.MayHaveProcesses).Select(k => k.State.Desired.Plan.Service).ToHashSet(StringComparer.Ordinal);
        foreach (var keeper in keepers.Values.Where(k => !k.State.Halting).ToList())
        {
            if (!keeper.State.MayHaveProcesses || StartOrder.MayStop(keeper.State.Desired.Plan.Service, node, running))
                keeper.Feed(new Input.Halted());
        }
    }
}
