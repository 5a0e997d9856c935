using System.Buffers.Text;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Containers;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class LinuxUsage
{
    public static IReadOnlyList<ContainerUsage?> Read(IReadOnlyList<string> ids)
    {
        var sessions = ids.Where(IsSession).ToHashSet(StringComparer.Ordinal);
        var members = sessions.Count > 0 ? SessionScan.Find(sessions.Contains) : [];
        return [.. ids.Select(id => IsSession(id) ? OfSession(members.GetValueOrDefault(id, [])) : OfCgroup(id))];
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
        return new(Cpu(stat), members.Sum(pid => ProcStat.Read(pid)?.ResidentBytes ?? 0), members.Count);
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
