using System.Runtime.Versioning;
using Holdfast.Core.Supervision;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>
/// Which instance a process belongs to where containers are no cgroups, by what nobody can choose: its session, and whom it descends from. The mark in the
/// environment, which finds processes that are to be ended, is anybody's to set and proves nothing.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SessionDescent
{
    /// <summary>Nobody's tree is deeper.</summary>
    private const int Deepest = 256;

    /// <summary>Null: it is none's, or that cannot be seen any more, as when its parent has ended.</summary>
    public static InstanceStatus? Of(int pid, IReadOnlyList<InstanceStatus> instances)
    {
        var led = instances.Where(instance => instance is { Containment.Kind: "session", Pid: not null, CreationTime: not null }).DistinctBy(instance => instance.Pid).ToDictionary(instance => instance.Pid!.Value);
        if (led.Count == 0) return null;
        var process = ProcStat.Read(pid);
        for (var depth = 0; process is not null && depth < Deepest; depth++)
        {
            if (led.TryGetValue(process.Pid, out var own) && own.CreationTime == process.CreationTime) return own;
            // A session keeps its number from others while one of it is there.
            if (led.TryGetValue(process.Session, out var leader) && ProcessFacts.IsAlive(process.Session, leader.CreationTime!.Value)) return leader;
            // A parent is older; who is younger was given its number.
            process = ProcStat.Read(process.ParentPid) is { } parent && parent.CreationTime <= process.CreationTime ? parent : null;
        }

        return null;
    }
}
