using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>A container by mark, session and descent, for accounts that may have no cgroup.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SessionContainer(SessionContainment home, string name, string id) : LinuxContainer(name, id)
{
    private const int MostRounds = 1000, FewRounds = 4;

    /// <summary>Those that our children lead. They find a process that has no environment for the moment, in the middle of its exec.</summary>
    private readonly HashSet<int> sessions = [];

    /// <summary>The same, for other threads: never changed, only replaced.</summary>
    private volatile int[] shared = [];

    /// <summary>Who was found by the last look: whatever becomes of its environment, session and parent, it is still the same process.</summary>
    private HashSet<(int Pid, long CreationTime)> seen = [];

    public override ContainmentStatus Status => new() { Kind = "session", Id = Id, Enforced = home.Enforced, NotEnforced = home.NotEnforced };

    /// <summary>Two looks: a process in the middle of its exec can be missed by one.</summary>
    public override bool IsEmpty => Scan().Count == 0 && Scan().Count == 0;

    public override KeyValuePair<string, string>? Mark => new(SessionScan.Variable, Id);

    public override ContainerHandover HandOver() => new(Name, WasUsed, Killed: false, [.. sessions]);

    public override void TakeOver(ContainerHandover earlier)
    {
        base.TakeOver(earlier);
        sessions.UnionWith(earlier.Sessions);
        shared = [.. sessions];
    }

    public override IReadOnlyList<int> Members() => [.. Scan().Select(process => process.Pid)];

    public override void Limit(LimitsSpec limits) => Limits = limits;

    public override void Kill() => Kill(Scan);

    /// <summary>A few looks: who asks asks again, and what forks for ever must not keep it.</summary>
    public override void KillFromAnywhere() => SignalAll(ScanFromAnywhere, Libc.SIGKILL, FewRounds);

    public override Outcome<bool> Suspend()
    {
        // What has been stopped forks no more: a look that finds nobody new has found all.
        SignalAll(Scan, Libc.SIGSTOP);
        var states = Scan().ConvertAll(process => (Process: process, State: ProcStat.StateOf(process.Pid)));
        var stopped = states.Where(one => one.State is 'T' or 't' or 'Z' or 'X').Select(one => one.Process).ToList();
        // Who has forked by vfork waits in the kernel until its child has begun another program, which a stopped one does not. It stops before it goes on.
        return states.TrueForAll(one => stopped.Contains(one.Process) || (one.State == 'D' && stopped.Exists(child => child.ParentPid == one.Process.Pid)));
    }

    public override Outcome<Done> LetRun()
    {
        SignalAll(Scan, Libc.SIGCONT);
        return Outcome.Done;
    }

    public override Outcome<Done> Remove()
    {
        if (!IsEmpty)
            return new Problem(ProblemKind.Conflict, "container.not-removed", $"There is still a process in the container {Id}.");
        home.Forget(this);
        return Outcome.Done;
    }

    public override void Born(int pid)
    {
        sessions.Add(pid);
        shared = [.. sessions];
    }

    /// <summary>When it is empty: the numbers of its sessions may be other people's from now on.</summary>
    public void ForgetSessions()
    {
        sessions.Clear();
        shared = [];
    }

    /// <summary>By mark, session and descent, without what earlier looks found: those are the host's thread's.</summary>
    private List<ProcessFacts> ScanFromAnywhere() =>
        SessionScan.Find(id => id == Id, shared.ToDictionary(session => session, _ => Id), new Dictionary<(int Pid, long CreationTime), string>()).GetValueOrDefault(Id, []);

    public List<ProcessFacts> Scan()
    {
        var members = SessionScan.Find(id => id == Id, sessions.ToDictionary(session => session, _ => Id), seen.ToDictionary(process => process, _ => Id)).GetValueOrDefault(Id, []);
        seen = [.. members.Select(process => (process.Pid, process.CreationTime))];
        return members;
    }

    /// <summary>Kills what the scan finds until it finds nobody new: what forks faster than one look is caught by the next.</summary>
    public static void Kill(Func<List<ProcessFacts>> scan) => SignalAll(scan, Libc.SIGKILL);

    private static void SignalAll(Func<List<ProcessFacts>> scan, int signal, int most = MostRounds)
    {
        var known = new HashSet<(int Pid, long CreationTime)>();
        for (var (round, quiet) = (0, 0); round < most && quiet < 2; round++)
        {
            var news = scan().Where(process => known.Add((process.Pid, process.CreationTime))).ToList();
            quiet = news.Count == 0 ? quiet + 1 : 0;
            foreach (var process in news)
            {
                using var hold = ProcessHold.Take(process.Pid, process.CreationTime);
                if (hold is not null)
                    _ = Libc.SignalProcess(hold, signal);
            }
        }
    }
}
