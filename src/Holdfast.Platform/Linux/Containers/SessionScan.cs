using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>
/// Finds the processes of containers that are no cgroups, in the process table: those that carry the container's mark in their
/// environment, all of their sessions, and all that descend from them.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SessionScan
{
    public const string Variable = "HOLDFAST_CONTAINER";
    public const string Prefix = "session:";

    /// <summary>The living members of every container whose id passes; an id without living members is missing.</summary>
    /// <param name="known">Sessions that are known to be a container's.</param>
    /// <param name="seen">Processes that are.</param>
    public static Dictionary<string, List<ProcessFacts>> Find(
        Func<string, bool> wanted, IReadOnlyDictionary<int, string>? known = null, IReadOnlyDictionary<(int Pid, long CreationTime), string>? seen = null)
    {
        var processes = ProcStat.ReadAll();
        var own = Environment.ProcessId;
        var ownSession = processes.Find(process => process.Pid == own)?.Session ?? 0;
        var containerOf = new Dictionary<int, string>();
        var containerOfSession = new Dictionary<int, string>(known ?? new Dictionary<int, string>());
        foreach (var process in processes)
        {
            if (process.Ended || process.Pid == own)
                continue;
            var id = seen?.GetValueOrDefault((process.Pid, process.CreationTime)) ?? MarkOf(process.Pid);
            if (id is null || !wanted(id))
                continue;
            containerOf[process.Pid] = id;
            if (process.Session != ownSession && process.Session != 0)
                containerOfSession[process.Session] = id;
        }

        // Those who wiped their environment are found by their session or by whom they descend from.
        for (var found = true; found;)
        {
            found = false;
            foreach (var process in processes)
            {
                if (process.Ended || process.Pid == own || containerOf.ContainsKey(process.Pid))
                    continue;
                if (!containerOfSession.TryGetValue(process.Session, out var id) && !containerOf.TryGetValue(process.ParentPid, out id))
                    continue;
                containerOf[process.Pid] = id;
                found = true;
            }
        }

        return processes.Where(process => containerOf.ContainsKey(process.Pid))
            .GroupBy(process => containerOf[process.Pid], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
    }

    private static string? MarkOf(int pid)
    {
        var environment = ProcFile.ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ")).AsSpan();
        foreach (var range in environment.Split((byte)0))
        {
            if (environment[range].StartsWith("HOLDFAST_CONTAINER="u8))
                return Encoding.UTF8.GetString(environment[range][(Variable.Length + 1)..]);
        }

        return null;
    }
}
