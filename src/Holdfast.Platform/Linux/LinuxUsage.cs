using System.Buffers.Text;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Containers;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class LinuxUsage
{
    private const int Many = 64;

    public static IReadOnlyList<ContainerUsage?> Read(IReadOnlyList<string> ids)
    {
        var sessions = ids.Where(IsSession).ToHashSet(StringComparer.Ordinal);
        var members = sessions.Count > 0 ? SessionScan.Find(sessions.Contains) : [];
        var usages = new ContainerUsage?[ids.Count];
        // Nearly all of it is the kernel's work for one file or another, and several cores do it side by side.
        if (ids.Count < Many) for (var i = 0; i < ids.Count; i++) One(i);
        else Parallel.For(0, ids.Count, One);
        return usages;

        void One(int i) => usages[i] = IsSession(ids[i]) ? OfSession(members.GetValueOrDefault(ids[i], [])) : OfCgroup(ids[i]);
    }

    private static bool IsSession(string id) => id.StartsWith(SessionScan.Prefix, StringComparison.Ordinal);

    private static ContainerUsage OfSession(List<ProcessFacts> members) => new(
        new(members.Sum(process => process.Cpu.Ticks + process.ChildrenCpu.Ticks)),
        members.Sum(process => process.ResidentBytes),
        members.Count);

    private static ContainerUsage? OfCgroup(string folder)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var stat = ProcFile.Read(folder + "/cpu.stat", buffer);
        if (stat.IsEmpty)
            return null;
        var members = CgroupFiles.Members(folder);
        return new(Cpu(stat), members.Sum(ProcStat.ResidentBytes), members.Count);
    }

    // The unified tree counts this for every cgroup, with and without its cpu controller.
    private static TimeSpan Cpu(ReadOnlySpan<byte> stat)
    {
        var name = "usage_usec "u8;
        var at = stat.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(stat[(at + name.Length)..], out long microseconds, out _)
            ? TimeSpan.FromMicroseconds(microseconds)
            : TimeSpan.Zero;
    }
}
