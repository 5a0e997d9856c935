using System.Runtime.Versioning;
using Holdfast.Core.Problems;

namespace Holdfast.Platform.Windows.Jobs;

/// <summary>
/// A job outlives the supervisor that made it for as long as anybody else has it open: a reader of its accounting for a moment, a tool that
/// looks into it for hours. What lives in such jobs is killed here (law 2).
/// </summary>
[SupportedOSPlatform("windows")]
internal static class JobSweep
{
    /// <summary>How the jobs of one supervisor begin, after <see cref="JobNames.Global"/>.</summary>
    public static string PrefixOf(SupervisorPlace place) => $"holdfast-{place.ContainersName}-";

    /// <returns>The names of the containers in which there was something.</returns>
    public static Outcome<IReadOnlyList<string>> Run(SupervisorPlace place, TimeSpan within)
    {
        var prefix = PrefixOf(place);
        var swept = new List<string>();
        try
        {
            foreach (var name in JobNames.Of(prefix))
            {
                using var job = JobObject.FindToEnd(JobNames.Global + name);
                if (job is null || job.ActiveProcesses == 0) continue;
                job.Kill();
                swept.Add(name[prefix.Length..]);
                if (SpinWait.SpinUntil(() => job.ActiveProcesses == 0, within)) continue;
                return new Problem(ProblemKind.Conflict, "container.still-dying", $"What an earlier supervisor has left in {name} has not ended within {within.TotalSeconds:0} s.");
            }
        }
        catch (IOException failure)
        {
            return new Problem(ProblemKind.Failed, "container.not-swept", "What earlier supervisors have left cannot be looked for.") { Why = failure.Message };
        }

        return swept;
    }
}
