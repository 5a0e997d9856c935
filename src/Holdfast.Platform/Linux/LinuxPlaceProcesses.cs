using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Containers;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class LinuxPlaceProcesses
{
    public static ContainmentKind AdoptOrphans(SupervisorPlace place)
    {
        if (LinuxHostParts.HoldsByCgroup(place))
            return ContainmentKind.Cgroup;
        BecomeSubreaper();
        return ContainmentKind.Session;
    }

    public static Outcome<IReadOnlyList<string>> Empty(SupervisorPlace place, TimeSpan within) => Empty(place, within, _ => { });

    /// <summary>A place that is not there, with an empty container in it, is emptied.</summary>
    public static void Rehearse(SupervisorPlace place) =>
        _ = Empty(new SupervisorPlace(new Home(Path.Join(place.Folder, "rehearsal"))), TimeSpan.FromSeconds(1), containment => _ = containment.Open("rehearsal", new()));

    private static Outcome<IReadOnlyList<string>> Empty(SupervisorPlace place, TimeSpan within, Action<IContainment> before)
    {
        var until = BootClock.SinceBoot + within;
        Outcome<IReadOnlyList<string>> swept;
        using (var containment = LinuxHostParts.Containment(place, null))
        {
            before(containment);
            if (containment.Kind == ContainmentKind.Session)
                KillAdopted(until);
            swept = containment.Sweep(within);
            if (containment.Kind != ContainmentKind.Session)
                return swept;
        }

        // Its end took the role from this process.
        BecomeSubreaper();
        KillAdopted(until);
        return swept;
    }

    private static void BecomeSubreaper() => _ = Libc.ProcessControl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);

    /// <summary>Whoever is our child now was adopted: each that dies gives us its own children, until there are none.</summary>
    private static void KillAdopted(TimeSpan until)
    {
        while (BootClock.SinceBoot < until)
        {
            var children = ProcStat.ReadAll().Where(process => process.ParentPid == Environment.ProcessId).ToList();
            if (children.Count == 0)
                return;
            foreach (var child in children.Where(child => !child.Ended))
            {
                // Nobody else gets the number of a child that we have not reaped.
                _ = Libc.Kill(child.Pid, Libc.SIGKILL);
                using var hold = ProcessHold.Take(child.Pid, child.CreationTime);
                if (hold is not null)
                    Waiter.Wait(hold, Libc.POLLIN, until);
            }

            foreach (var child in children)
                _ = Reaper.Reap(child.Pid);
        }
    }
}
