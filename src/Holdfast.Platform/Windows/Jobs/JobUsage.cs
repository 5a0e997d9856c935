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
        return new(new(accounting.UserTime + accounting.KernelTime), members.Sum(ProcessTable.ResidentBytes), members.Count);
    }
}
