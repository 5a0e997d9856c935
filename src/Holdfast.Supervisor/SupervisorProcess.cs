using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Supervisor.Control;
using Holdfast.Supervisor.Guarding;
using Holdfast.Supervisor.Launching;
using Holdfast.Supervisor.Loop;
using Holdfast.Supervisor.Output;
using Holdfast.Supervisor.Probing;
using Holdfast.Supervisor.State;

namespace Holdfast.Supervisor;

/// <summary>Puts the supervisor together, in the order that makes it safe: lock, sweep, state, socket, then starts.</summary>
internal static class SupervisorProcess
{
    private static readonly TimeSpan SweepWithin = TimeSpan.FromSeconds(10);

    /// <summary>Runs until it is told to end; the exit code.</summary>
    /// <param name="guard">Null: a service manager guards it, or nobody does.</param>
    public static int Run(Home home, (int Pid, long CreationTime)? guard, Log log)
    {
        OwnProtection.Apply(OwnProtection.Supervisor);
        var time = BootClock.Instance;
        NewFiles.CloseToOthers();
        var prepared = MakeFolders(home).Then(_ => FileLock.TryTake(home.SupervisorLock, time));
        if (!prepared.TryGet(out var held)) return Refuse(log, prepared.Problems);
        using (held)
        {
            using var host = ProcessHost.Create(home);
            foreach (var missing in host.Capabilities.NotEnforced) log.Say($"not enforced here: {missing}");
            var swept = host.Sweep(SweepWithin);
            if (!swept.TryGet(out var leftovers)) return Refuse(log, swept.Problems);
            new SecretFiles(home).Sweep();
            foreach (var leftover in leftovers) log.Say($"{leftover} was left by an earlier supervisor: killed and empty");
            var opened = JournalWriter.Open(home.Journal, new SegmentPolicy { RotateBytes = 16 << 20, KeepBytes = 256 << 20, KeepAge = TimeSpan.FromDays(180) }, time);
            if (!opened.TryGet(out var writer)) return Refuse(log, opened.Problems);
            return Serve(home, host, writer, guard, time, log);
        }
    }

    private static int Serve(Home home, IProcessHost host, JournalWriter writer, (int Pid, long CreationTime)? guard, TimeProvider time, Log log)
    {
        var listening = LocalEndpoint.Listen(home.SupervisorSocket);
        if (!listening.TryGet(out var listener)) return Refuse(log, listening.Problems);
        var identity = Identify(home);
        var written = DurableFile.Write(home.SupervisorIdentity, JsonSerializer.SerializeToUtf8Bytes(identity, SupervisionJson.Default.SupervisorIdentity));
        if (!written.IsOk) return Refuse(log, written.Problems);

        ControlServer? server = null;
        SupervisorLoop? loop = null;
        var inbox = new Inbox(host.Wake);
        using var journal = new EventJournal(writer, time, sequence => Volatile.Read(ref server)?.Tell(sequence));
        using var output = new CapturedOutput(
            time,
            log,
            (instance, kind, what) => inbox.Post(() => loop?.Note(instance, kind, what)),
            instance => inbox.Post(() => loop?.NoteSynced(instance)));
        var world = new World
        {
            Home = home,
            Host = host,
            Clock = time,
            BootId = identity.BootId,
            Gate = new StartGate(home),
            Secrets = new SecretFiles(home),
            Output = output,
            Prober = new Prober(time),
            Store = new InstanceStore(home.SupervisorInstances, log),
            Journal = journal,
            Inbox = inbox,
            Log = log,
        };
        using var guardWatch = new GuardWatch(world);
        loop = new SupervisorLoop(world) { GuardGone = guardWatch.TakeEnd };
        using var terminate = EndOn(PosixSignal.SIGTERM, world, loop, log);
        using var interrupt = EndOn(PosixSignal.SIGINT, world, loop, log);
        var known = world.Store.Load();
        log.Say($"supervisor {identity.Version} (PID {identity.Pid}) keeps {known.Count} instances of {home.Path}");
        using (server = new ControlServer(listener, identity, new ControlVerbs(loop, world), time, log))
        {
            loop.Restore(known);
            if (guard is { } named) guardWatch.Begin(named);
            Rehearsal.Run(identity.BootId, world.Now());
            ServiceManager.Ready();
            loop.Run();
            journal.Flush();
        }

        Volatile.Write(ref server, null);
        File.Delete(home.SupervisorSocket);
        // Its guard tells this end from a crash by it.
        File.Delete(home.SupervisorIdentity);
        log.Say("nothing runs any more; the supervisor ends");
        return ExitCode.Ok;
    }

    private static PosixSignalRegistration EndOn(PosixSignal signal, World world, SupervisorLoop loop, Log log) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        log.Say($"{signal}: {(loop.Ending ? "again" : "stopping all instances")}");
        world.Inbox.Post(loop.End);
    });

    private static SupervisorIdentity Identify(Home home) => new(
        Environment.ProcessId,
        ProcessFacts.Read(Environment.ProcessId)?.CreationTime ?? 0,
        BootClock.BootId,
        RandomNumberGenerator.GetHexString(32, lowercase: true),
        CommandLine.Version,
        home.SupervisorSocket);

    private static Outcome<Done> MakeFolders(Home home)
    {
        // Services of other accounts pass through the home to their own folders; they list nothing on the way.
        if (!Directory.Exists(home.Path))
        {
            var made = FolderRights.Ensure(home.Path, FolderRights.Passage);
            if (!made.IsOk) return made;
        }

        foreach (var (folder, mode) in new[]
        {
            (home.Run, FolderRights.Passage),
            (home.Notify, FolderRights.Passage),
            (home.Secrets, FolderRights.Passage),
            (home.Supervisor, FolderRights.OwnerOnly),
            (home.SupervisorInstances, FolderRights.OwnerOnly),
            (home.Journal, FolderRights.OwnerAndGroup),
        })
        {
            var made = FolderRights.Ensure(folder, mode);
            if (!made.IsOk) return made;
        }

        return Outcome.Done;
    }

    private static int Refuse(Log log, IReadOnlyList<Problem> problems)
    {
        log.Say(problems);
        return ExitCode.For(problems[0].Kind);
    }
}
