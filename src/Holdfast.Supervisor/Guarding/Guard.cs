using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Guarding;

/// <summary>
/// The supervisor's parent. It sleeps until that ends; if it ended without having stopped its services, the guard empties every
/// container of it and starts the next one (law 2). It keeps nothing, so its own death costs nothing: the supervisor then
/// starts another guard, which watches it without being its parent (<c>--of</c>) until it starts the next supervisor itself.
/// </summary>
internal sealed class Guard(SupervisorPlace place, Log log) : IDisposable
{
    private static readonly TimeSpan EmptyWithin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Others hold a lock for a moment: a launcher that looks whether there is a guard, and a child that was just being born when its
    /// supervisor was killed, and has what that had open until it notices.
    /// </summary>
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);

    private readonly Readiness readiness = Readiness.Create();
    private readonly BootClock time = BootClock.Instance;
    private HeldProcess? supervisor;
    private volatile bool ending;
    private volatile bool outdated;

    /// <summary>Returns when there is nothing to guard any more; the exit code.</summary>
    /// <param name="of">A supervisor that runs already; null: the first one is started.</param>
    /// <param name="lockDescriptor">The lock that this process's earlier image held; null: it is to be taken.</param>
    public int Run((int Pid, long CreationTime)? of, int? lockDescriptor = null)
    {
        var locked = lockDescriptor is { } left ? FileLock.TakeOver(NextImage.Take(left)) : TakeLock();
        if (!locked.TryGet(out var held)) return Refuse(locked.Problems);
        using (held)
        using (ForwardRequests())
        using (BecomeNextOnHangUp())
        {
            NextImage.HearSignals();
            OwnProtection.Apply(OwnProtection.Guard);
            // Without cgroups whoever is our child would be taken for adopted: a supervisor that runs already is one.
            if (PlaceProcesses.AdoptOrphans(place) == ContainmentKind.Cgroup || of is null) Rehearse();
            var mark = new SupervisorMark(place);
            if (of is { } known) supervisor = HeldProcess.Take(known.Pid, known.CreationTime);
            for (var deaths = 0; ;)
            {
                var since = BootClock.SinceBoot;
                if (supervisor is null && of is null)
                {
                    var started = Start();
                    if (!started.TryGet(out supervisor)) return Refuse(started.Problems);
                }

                // Told to end just before there was somebody to tell.
                Interlocked.MemoryBarrier();
                if (ending) supervisor?.Signal("TERM");
                var end = WaitForEnd(mark, since, of, held);
                of = null;
                var decision = GuardGovernance.Decide(end, deaths);
                log.Say(decision.Reason);
                if (decision is GuardDecision.End over)
                {
                    // Without cgroups some may have hidden from the stop; they have come to us now that their keeper is gone.
                    if (over.ExitCode == ExitCode.Ok) ClearUp();
                    return over.ExitCode;
                }

                if (!ClearUp()) return ExitCode.Conflict;
                if (decision is GuardDecision.Start next)
                {
                    deaths = next.Deaths;
                    Sleep(next.Delay);
                }

                if (ending) return ExitCode.Ok;
            }
        }
    }

    public void Dispose()
    {
        supervisor?.Dispose();
        readiness.Dispose();
    }

    /// <summary>A supervisor that was killed, in play: the first real one is not to wait for the runtime.</summary>
    private void Rehearse()
    {
        SupervisorMark.Rehearse();
        _ = GuardGovernance.Decide(new SupervisorEnd(new ExitInfo(null, "SIGKILL", CoreDumped: false, time.GetUtcNow()), OnPurpose: false, Served: true, TimeSpan.Zero), 0);
        PlaceProcesses.Rehearse(place);
    }

    private Outcome<FileLock> TakeLock()
    {
        var made = place.MakeFolder();
        return made.IsOk ? TakeSoon(place.GuardLock) : Outcome.Failed<FileLock>(made.Problems);
    }

    /// <summary><see cref="FileLock.TakeAsync"/> without task and timer, which would be compiled here and now, while the services are down.</summary>
    private Outcome<FileLock> TakeSoon(string path)
    {
        var until = BootClock.SinceBoot + LockWithin;
        Span<ReadyEvent> events = stackalloc ReadyEvent[1];
        while (true)
        {
            var taken = FileLock.TryTake(path, time);
            if (taken.IsOk || taken.Problems[0].Kind != ProblemKind.Conflict || BootClock.SinceBoot > until) return taken;
            readiness.Wait(events, LockPause);
        }
    }

    private Outcome<HeldProcess> Start()
    {
        var own = ProcessFacts.Read(Environment.ProcessId);
        var started = HeldProcess.Start(
            Environment.ProcessPath!,
            ["run", .. place.Arguments, "--guard", ProcessName.Of(Environment.ProcessId, own?.CreationTime ?? 0)],
            OwnVariables.All());
        if (started.TryGet(out var child)) log.Say($"the guard (PID {Environment.ProcessId}) has started a supervisor (PID {child.Pid})");
        return started;
    }

    /// <summary>Nothing wakes while the supervisor lives, but the word that there is a next version.</summary>
    private SupervisorEnd WaitForEnd(SupervisorMark mark, TimeSpan since, (int Pid, long CreationTime)? of, FileLock held)
    {
        if (supervisor is null)
            return new SupervisorEnd(null, OnPurpose: of is { } gone && !mark.Names(gone.Pid, gone.CreationTime), Served: true, TimeSpan.Zero);
        readiness.Add(supervisor.Handle, 0);
        Span<ReadyEvent> events = stackalloc ReadyEvent[1];
        while (readiness.Wait(events, Timeout.InfiniteTimeSpan) == 0)
        {
            if (!outdated) continue;
            outdated = false;
            BecomeNext(mark, supervisor, held);
        }

        readiness.Remove(supervisor.Handle);
        var served = mark.Names(supervisor.Pid, supervisor.CreationTime);
        var exit = supervisor.TakeExit();
        var end = new SupervisorEnd(
            exit?.At(time.GetUtcNow()),
            // It takes its name away when it has stopped everything: a guard that is not its parent knows it by that.
            OnPurpose: exit is null && !served,
            served,
            BootClock.SinceBoot - since);
        var over = supervisor;
        supervisor = null;
        over.Dispose();
        return end;
    }

    /// <summary>False: another supervisor has taken the place, and what runs is its.</summary>
    private bool ClearUp()
    {
        var taken = TakeSoon(place.Lock);
        if (!taken.TryGet(out var ours))
        {
            log.Say(taken.Problems);
            return false;
        }

        using (ours)
        {
            var began = BootClock.SinceBoot;
            var emptied = PlaceProcesses.Empty(place, EmptyWithin);
            if (emptied.TryGet(out var names))
                log.Say(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"everything that it kept is gone ({names.Count} containers, {(BootClock.SinceBoot - began).TotalMilliseconds:0.0} ms)"));
            else
                log.Say(emptied.Problems);
        }

        return true;
    }

    /// <summary>Cut short when the guard is told to end.</summary>
    private void Sleep(TimeSpan delay)
    {
        var until = BootClock.SinceBoot + delay;
        Span<ReadyEvent> events = stackalloc ReadyEvent[1];
        for (var left = delay; left > TimeSpan.Zero && !ending; left = until - BootClock.SinceBoot) readiness.Wait(events, left);
    }

    private EndRequests ForwardRequests() => EndRequests.Hear(signal =>
    {
        ending = true;
        Interlocked.MemoryBarrier();
        supervisor?.Signal(signal == PosixSignal.SIGINT ? "INT" : "TERM");
        readiness.Wake();
    });

    /// <summary>Null: on Windows no process becomes another build of itself.</summary>
    private PosixSignalRegistration? BecomeNextOnHangUp() => OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        outdated = true;
        readiness.Wake();
    });

    /// <summary>Returns only where it has not become it. That the supervisor runs that file, and serves, is the proof that it can be run.</summary>
    private void BecomeNext(SupervisorMark mark, HeldProcess kept, FileLock held)
    {
        if (GuardImage.Read(place) is not { } next || next == Environment.ProcessPath) return;
        if (mark.ExecutableOf(kept.Pid, kept.CreationTime) != next)
        {
            log.Say($"the guard stays what it is: the supervisor (PID {kept.Pid}) does not run {next}");
            return;
        }

        log.Say($"the guard (PID {Environment.ProcessId}) becomes {next}");
        var problem = ProductFolder.Check(next) ?? NextImage.Become(
            next,
            ["guard", .. place.Arguments, "--take-over", held.Handle.DangerousGetHandle().ToString(System.Globalization.CultureInfo.InvariantCulture), "--of", ProcessName.Of(kept.Pid, kept.CreationTime)],
            OwnVariables.All(),
            [held.Handle]);
        log.Say([problem]);
    }

    private int Refuse(IReadOnlyList<Problem> problems)
    {
        log.Say(problems);
        return ExitCode.For(problems[0].Kind);
    }
}
