using Holdfast.Core.Problems;
using Holdfast.Core.Services.Units;

namespace Holdfast.Platform;

/// <summary>The CPUs of this host.</summary>
public static class HostCpus
{
    /// <summary>Those that work now, as the kernel lists them: <c>0-3</c>.</summary>
    public static string Online() =>
        OperatingSystem.IsLinux() ? File.ReadAllText("/sys/devices/system/cpu/online").Trim()
        : OperatingSystem.IsWindows() ? Windows.Processes.ProcessorList.Online()
        : throw Unsupported.Here("CPUs");

    /// <summary>Null: all of a set are here.</summary>
    /// <param name="cpus">As the kernel lists them.</param>
    /// <returns>Problem <c>process.affinity</c>.</returns>
    public static Problem? Missing(string cpus)
    {
        ArgumentException.ThrowIfNullOrEmpty(cpus);
        var online = Online();
        var missing = (CpuSetText.Numbers(cpus) ?? []).Except(CpuSetText.Numbers(online) ?? []).ToList();
        return missing.Count == 0
            ? null
            : new(ProblemKind.Refused, "process.affinity", $"limits.affinity names {(missing.Count == 1 ? "CPU" : "CPUs")} {CpuSetText.Format(missing)}, and this host has {online}.")
            {
                Mend = "name CPUs of this host, or open limits.affinity and let the node's values say it",
            };
    }
}
