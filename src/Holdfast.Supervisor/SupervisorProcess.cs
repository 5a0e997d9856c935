using System.Runtime.InteropServices;
using System.Text.Json;
using Holdfast.Core.EventLog;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;
using Holdfast.Supervisor.Control;
using Holdfast.Supervisor.Fencing;
using Holdfast.Supervisor.Guarding;
using Holdfast.Supervisor.Launching;
using Holdfast.Supervisor.Loop;
using Holdfast.Supervisor.Native;
using Holdfast.Supervisor.Output;
using Holdfast.Supervisor.Probing;
using Holdfast.Supervisor.State;
using Holdfast.Supervisor.Upgrading;

namespace Holdfast.Supervisor;

/// <summary>Puts the supervisor together, in the order that makes it safe: its <see cref="Beginning"/>, state, socket, then starts.</summary>
internal static class SupervisorProcess
{
    /// <summary>Runs until it is told to end; the exit code.</summary>
    /// <param name="guard">Null: a service manager guards it, or nobody does.</param>
    /// <param name="unit">The service manager's unit that it is; null: it is none of its own.</param>
    /// <param name="withoutKey">See <see cref="StartGate"/>.</param>
    /// <param name="witness">For whom it is a service; null: for nobody that must be told.</param>
    public static int Run(SupervisorPlace place, (int Pid, long CreationTime)? guard, Log log, string? unit = null, ISupervisorWitness? witness = null, bool withoutKey = false)
    {
        using var events = HostEventLog.Open();
        var began = Beginning.Fresh(place, log);
        if (!began.TryGet(out var beginning)) return Refuse(place, log, events, began.Problems);
        using (beginning)
        {
            var marked = unit is null ? Outcome.Done : UnitMark.Write(place, unit);
            return marked.IsOk ? Serve(place, beginning, guard, log, events, witness, withoutKey) : Refuse(place, log, events, marked.Problems);
        }
    }

    /// <summary>Goes on where this process's earlier image was (<see cref="Upgrade"/>).</summary>
    /// <param name="document">The descriptor of what was handed over.</param>
    public static int TakeOver(SupervisorPlace place, (int Pid, long CreationTime)? guard, int document, Log log)
    {
        // What fails from here on is a crash: the guard clears up, and starts its own version again.
        using var events = HostEventLog.Open();
        var began = Beginning.AfterUpgrade(place, document, log);
        if (!began.TryGet(out var beginning)) return Refuse(place, log, events, began.Problems);
        using (beginning) return Serve(place, beginning, guard, log, events);
    }

    private static int Serve(SupervisorPlace place, Beginning beginning, (int Pid, long CreationTime)? guard, Log log, HostEventLog events, ISupervisorWitness? witness = null, bool withoutKey = false)
    {
        var (host, identity, time) = (beginning.Host, beginning.Identity, BootClock.Instance);
        SupervisorLoop? loop = null;
        var inbox = new Inbox(host.Wake);
        // Before anybody can know its name: killed by a request to end, it would be started again.
        using var requests = EndRequests.Hear(signal =>
        {
            log.Say($"{signal}: {(loop is { Ending: true } ? "again" : "stopping all instances")}");
            inbox.Post(() => loop!.End());
        });
        var written = DurableFile.Write(place.Identity, JsonSerializer.SerializeToUtf8Bytes(identity, SupervisionJson.Default.SupervisorIdentity));
        if (!written.IsOk) return Refuse(place, log, events, written.Problems);

        ControlServer? server = null;
        using var journal = new EventJournal(
            beginning.Journal,
            time,
            sequence => Volatile.Read(ref server)?.Tell(sequence),
            events.IsKept ? happened => events.Write(EventLogEntries.Of(happened)) : null);
        using var output = new CapturedOutput(
            time,
            log,
            (instance, kind, what) => inbox.Post(() => loop?.Note(instance, kind, what)),
            instance => inbox.Post(() => loop?.NoteSynced(instance)));
        // A watchdog has one owner: the supervisor that all leases are told to.
        var watchdog = place.IsShared ? new MachineWatchdog(WatchdogDevice.Open, WatchdogMark.PathIn(place), identity.BootId, () => BootClock.SinceBoot, log.Say) : null;
        using var deadlines = new DeadlineWatch(time, () => inbox.Post(() => loop?.KeepDeadlines()), watchdog);
        var world = new World
        {
            Deadlines = deadlines,
            Place = place,
            Host = host,
            Clock = time,
            BootId = identity.BootId,
            Gate = new StartGate(place.Home, withoutKey),
            Secrets = new SecretFiles(place),
            Output = output,
            Prober = new Prober(host, time),
            Store = new InstanceStore(place.Instances, log),
            Journal = journal,
            Inbox = inbox,
            Log = log,
        };
        using var guardWatch = new GuardWatch(world);
        loop = new SupervisorLoop(world) { GuardGone = guardWatch.TakeEnd };
        using var upgrade = new Upgrade(world, loop, identity, new UpgradeHandles(beginning.Lock.Handle, beginning.Listener.Handle, () => guardWatch.Name));
        loop.ProofReadable = upgrade.TakeProof;
        if (beginning.Earlier is { } earlier)
        {
            var taken = TakeOver(world, loop, earlier);
            if (!taken.IsOk) return Refuse(place, log, events, taken.Problems);
        }

        witness?.Begin(loop, world);
        NextImage.HearSignals();
        using (server = new ControlServer(beginning.Listener, identity, new ControlVerbs(loop, world, upgrade), time, log))
        {
            if (beginning.Earlier is null) Restore(world, loop, events);
            witness?.Restored();
            if (guard is { } named) guardWatch.Begin(named, replace: beginning.Earlier is not null);
            Rehearsal.Run(identity.BootId, world.Now());
            // A unit of its own is ready when its service is; the node's supervisor when it serves.
            if (guard is null && UnitMark.Read(place) is not null) loop.TurnOver = new UnitNotice(loop).Look;
            else ServiceManager.Ready();
            loop.Run();
            journal.Flush();
        }

        Volatile.Write(ref server, null);
        LocalEndpoint.Remove(place.Socket);
        // Its guard tells this end from a crash by it.
        File.Delete(place.Identity);
        log.Say("nothing runs any more; the supervisor ends");
        // Its end is told after that of what it kept.
        journal.WriteOut();
        events.Write(EventLogEntries.Ended(WhoseOf(place), CommandLine.Version, Environment.ProcessId));
        return ExitCode.Ok;
    }

    private static void Restore(World world, SupervisorLoop loop, HostEventLog events)
    {
        var known = world.Store.Load();
        events.Write(EventLogEntries.Began(WhoseOf(world.Place), CommandLine.Version, Environment.ProcessId, known.Count));
        world.Log.Say($"supervisor {CommandLine.Version} (PID {Environment.ProcessId}) keeps {known.Count} instances of {world.Place}");
        loop.Restore(known);
    }

    private static Outcome<Done> TakeOver(World world, SupervisorLoop loop, SupervisorHandover earlier)
    {
        world.Store.TakeOver(earlier.Instances.Select(one => new InstanceOrder(one.Desired, one.Leaving)));
        var taken = loop.TakeOver(earlier);
        if (taken.IsOk) world.Log.Say($"supervisor {CommandLine.Version} (PID {Environment.ProcessId}) goes on with {earlier.Instances.Count} instances of version {earlier.Version}");
        return taken;
    }

    private static string WhoseOf(SupervisorPlace place) => place.Service ?? place.Home.Path;

    private static int Refuse(SupervisorPlace place, Log log, HostEventLog events, IReadOnlyList<Problem> problems)
    {
        log.Say(problems);
        events.Write(EventLogEntries.Refused(WhoseOf(place), problems));
        return ExitCode.For(problems[0].Kind);
    }
}
