using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Processes;

namespace Holdfast.Platform.Windows.Jobs;

[SupportedOSPlatform("windows")]
internal static class JobUsage
{
    public static IReadOnlyList<ContainerUsage?> Read(IReadOnlyList<string> ids) => [.. ids.Select(Read)];

    private static ContainerUsage? Read(string id)
    {
        using var job = JobObject.Find(id);
        if (job is null) return null;
        var accounting = job.Accounting();
        var members = job.Members();
        // Those that have ended are in the job's times, not in its members.
        return new(TimeOf(accounting), members.Sum(ProcessTable.ResidentBytes), members.Count);
    }

    /// <summary>Windows's units of 100 ns are .NET's ticks.</summary>
    internal static TimeSpan TimeOf(Native.Kernel32.JobAccounting accounting) => new(accounting.UserTime + accounting.KernelTime);
}
