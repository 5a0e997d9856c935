using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

internal static class LimitFields
{
    public static GroupShape<LimitsSpec> Shape { get; } = new("Limits", new LimitsSpec(),
        new Field<LimitsSpec, long>("memory", new SizeShape(1 << 20), l => l.MemoryBytes, (l, v) => l with { MemoryBytes = v },
            "Of all its processes together; beyond it the kernel ends the service.") { Example = "512MiB", DefaultWords = "no limit" },
        new Field<LimitsSpec, int>("cpu", new CoresShape(), l => l.CpuMillicores, (l, v) => l with { CpuMillicores = v },
            "Cores, or thousandths of one with m; beyond it the service is slowed down.") { Example = "250m", DefaultWords = "no limit", Synonyms = ["cores", "cpus"] },
        new Field<LimitsSpec, string>("affinity", new CpuSetShape(), l => l.Affinity, (l, v) => l with { Affinity = v },
            "The CPUs of the host that its processes begin on and stay on unless they choose others themselves: numbers and ranges. A release that names one that the host does not have is refused.")
        { Example = "[0, 2-3]", DefaultWords = "all that the supervisor has", Synonyms = ["cpuset", "cpuAffinity"] },
        new Field<LimitsSpec, int>("processes", new NumberShape(1), l => l.Processes, (l, v) => l with { Processes = v },
            "Processes and threads together; beyond it none can be made.") { Example = "256", DefaultWords = "no limit", Synonyms = ["pids", "tasks", "threads"] },
        new Field<LimitsSpec, int>("files", new NumberShape(16), l => l.Files, (l, v) => l with { Files = v },
            "Open files and sockets of one process.") { Example = "65536", DefaultWords = "the supervisor's own limit", Synonyms = ["nofile", "fds"] },
        new Field<LimitsSpec, bool>("coreDumps", new FlagShape(), l => l.CoreDumps, (l, v) => l with { CoreDumps = v },
            "Whether a crash may write a core dump. It may hold secrets, so it is off.") { Example = "true" });
}
