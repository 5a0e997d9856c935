using System.Runtime.Versioning;
using Holdfast.Core.Services;
using Holdfast.Core.Services.Units;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Jobs;

/// <summary>Puts a spec's limits on a job, each with its own answer: what Windows refuses is said, and keeps nothing else from holding.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class JobLimits
{
    private const string Memory = "limits.memory";
    private const string Cpu = "limits.cpu";
    private const string Affinity = "limits.affinity";
    private const string Processes = "limits.processes";

    /// <summary>A job's affinity is a mask of one processor group.</summary>
    private const int ProcessorsOfAGroup = 64;

    /// <summary>1/100 of a percent.</summary>
    private const long WholeMachine = 10_000;

    /// <summary>What a job can be limited in, where Windows takes it.</summary>
    public static IReadOnlyList<string> Known { get; } = [Memory, Cpu, Affinity, Processes];

    /// <summary>What it cannot, and why.</summary>
    public static IReadOnlyList<string> Unknown { get; } =
    [
        "limits.files: Windows limits no process's open files",
        "limits.coreDumps: Windows Error Reporting decides about dumps, for the whole machine (LocalDumps in the registry)",
    ];

    /// <summary>What every job of ours has: it dies with us, nobody leaves it, and no crash waits in a dialog for somebody to press a button.</summary>
    private const uint Always = Kernel32.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | Kernel32.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;

    /// <returns>What holds, and what not with the reason.</returns>
    /// <exception cref="IOException">Windows refuses even that the job dies with us.</exception>
    public static (IReadOnlyList<string> Enforced, IReadOnlyList<string> NotEnforced) Apply(IJobApi job, LimitsSpec limits)
    {
        var enforced = Known.ToList();
        var not = Unknown.ToList();
        void Refuse(string name, string why)
        {
            enforced.Remove(name);
            not.Add($"{name}: {why}");
        }

        var holding = new Kernel32.JobLimitInformation { Flags = Always };
        if (Set(job, holding) is var error && error != 0) throw Win32Error.Failure("make a job die with its keeper", error);
        if (limits.MemoryBytes is { } bytes) Try(Memory, holding with { Flags = holding.Flags | Kernel32.JOB_OBJECT_LIMIT_JOB_MEMORY, JobMemory = (nuint)bytes });
        if (limits.Processes is { } count) Try(Processes, holding with { Flags = holding.Flags | Kernel32.JOB_OBJECT_LIMIT_ACTIVE_PROCESS, ActiveProcesses = (uint)count });
        if (limits.Affinity is { } cpus)
        {
            if (Mask(cpus) is { } mask) Try(Affinity, holding with { Flags = holding.Flags | Kernel32.JOB_OBJECT_LIMIT_AFFINITY, Affinity = mask });
            else Refuse(Affinity, $"a job keeps to the first {ProcessorsOfAGroup} processors or to none");
        }

        var rate = LimitCpu(job, limits.CpuMillicores);
        if (rate != 0 && limits.CpuMillicores is not null) Refuse(Cpu, Win32Error.Describe(rate));
        return (enforced, not);

        // Every limit is added to those that hold already: one that is refused takes none of them along.
        void Try(string name, Kernel32.JobLimitInformation wanted)
        {
            var refused = Set(job, wanted);
            if (refused == 0) holding = wanted;
            else Refuse(name, Win32Error.Describe(refused));
        }
    }

    /// <summary>Of all processors together: Windows counts a whole machine, we count in thousandths of a processor.</summary>
    public static uint RateOf(int millicores, int processors) => (uint)Math.Clamp(millicores * WholeMachine / (1000L * processors), 1, WholeMachine);

    private static int LimitCpu(IJobApi job, int? millicores)
    {
        var rate = millicores is { } some
            ? new Kernel32.JobCpuRate { Flags = Kernel32.JOB_OBJECT_CPU_RATE_CONTROL_ENABLE | Kernel32.JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP, Rate = RateOf(some, Environment.ProcessorCount) }
            : default;
        return job.Set(Kernel32.JobObjectCpuRateControlInformation, &rate, sizeof(Kernel32.JobCpuRate));
    }

    private static int Set(IJobApi job, Kernel32.JobLimitInformation wanted) => job.Set(Kernel32.JobObjectExtendedLimitInformation, &wanted, sizeof(Kernel32.JobLimitInformation));

    /// <summary>Null: it names one beyond the first group.</summary>
    private static nuint? Mask(string cpus)
    {
        nuint mask = 0;
        foreach (var cpu in CpuSetText.Numbers(cpus) ?? [])
        {
            if (cpu >= ProcessorsOfAGroup) return null;
            mask |= (nuint)1 << cpu;
        }

        return mask;
    }
}
