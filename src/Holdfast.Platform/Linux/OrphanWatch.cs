using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Containers;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>
/// Under session containment: follows the members of a container whom we did not start, until the last is gone, and reaps
/// those that we adopted. Does nothing where cgroups do the work.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class OrphanWatch(LinuxProcessHost host) : IDisposable
{
    private readonly Dictionary<(int Pid, long CreationTime), (long Token, Member Member)> followed = [];
    private bool used;
    private int ownSession;

    /// <param name="Hold">Readable when it has ended.</param>
    internal sealed record Member(SessionContainer Container, ProcessFacts Process, SafeFileHandle Hold);

    /// <summary>Whether the container is empty; else it is looked at again when one of its members has ended.</summary>
    public bool Follow(SessionContainer container)
    {
        used = true;
        // Two looks that find nobody: one can miss a process in the middle of its exec. Whoever is found by either is followed, or nobody would tell of its end.
        for (var quiet = 0; quiet < 2;)
        {
            var members = container.Scan();
            foreach (var process in members)
            {
                var key = (process.Pid, process.CreationTime);
                // It may have ended between the look and the hold.
                if (followed.ContainsKey(key) || ProcessHold.Take(process.Pid, process.CreationTime) is not { } hold)
                    continue;
                var member = new Member(container, process, hold);
                followed[key] = (host.Register(hold, member), member);
            }

            if (followed.Values.Any(one => one.Member.Container == container))
                return false;
            quiet = members.Count == 0 ? quiet + 1 : 0;
        }

        container.ForgetSessions();
        return true;
    }

    public void Ended(long token, Member member)
    {
        _ = Reaper.Reap(member.Hold);
        host.Unregister(token, member.Hold);
        member.Hold.Dispose();
        followed.Remove((member.Process.Pid, member.Process.CreationTime));
    }

    /// <summary>
    /// Reaps adopted processes that ended unseen. Not ours to reap are those that we started and not yet told of, and those of our
    /// own session: whoever started them in this process waits for them.
    /// </summary>
    public void ReapUnknown()
    {
        if (!used)
            return;
        if (ownSession == 0)
            ownSession = ProcStat.Read(Environment.ProcessId)?.Session ?? 0;
        while (Reaper.Peek() is { } pid && !host.Knows(pid) && ProcStat.Read(pid) is { } process && process.Session != ownSession)
            _ = Reaper.Reap(pid);
    }

    public TimeSpan Shorten(TimeSpan timeout, TimeSpan most) =>
        used && (timeout < TimeSpan.Zero || timeout > most) ? most : timeout;

    public void Dispose()
    {
        foreach (var (_, member) in followed.Values)
            member.Hold.Dispose();
    }
}
