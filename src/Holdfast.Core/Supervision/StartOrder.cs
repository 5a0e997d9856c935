using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

/// <summary>What the start order knows of one service of the node.</summary>
/// <param name="Wanted">At least one instance of it is wanted to run.</param>
/// <param name="Started">An instance has started, or has done its work.</param>
/// <param name="Ready">An instance was ready since its start, or has done its work.</param>
/// <param name="State">For people: what it does instead.</param>
public sealed record ServiceProgress(IReadOnlyList<AfterSpec> After, bool Wanted, bool Started, bool Ready, string State);

/// <summary>
/// Who waits for whom. Only what is wanted to run on this node is waited for: something that is not here, or was stopped on
/// purpose, must not keep others from starting. Services that wait for each other in a circle are not made to wait within it.
/// </summary>
public static class StartOrder
{
    /// <summary>What stands in the way of a start, in one sentence; null: nothing.</summary>
    public static string? Blocker(string service, IReadOnlyDictionary<string, ServiceProgress> node)
    {
        if (!node.TryGetValue(service, out var self)) return null;
        List<string>? waits = null;
        foreach (var after in self.After)
        {
            if (!node.TryGetValue(after.Service, out var other) || !other.Wanted) continue;
            if (after.Wait == AfterCondition.Started ? other.Started : other.Ready) continue;
            if (Reaches(after.Service, service, node)) continue;
            (waits ??= []).Add($"{after.Service} to be {(after.Wait == AfterCondition.Started ? "started" : "ready")} (it is {other.State})");
        }

        return waits is null ? null : "waits for " + string.Join(", ", waits);
    }

    /// <summary>Whether a service may be stopped now: nobody who comes after it still runs (circles aside).</summary>
    public static bool MayStop(string service, IReadOnlyDictionary<string, ServiceProgress> node, IReadOnlySet<string> running)
    {
        foreach (var (name, progress) in node)
        {
            if (name == service || !running.Contains(name)) continue;
            if (progress.After.Any(a => a.Service == service) && !Reaches(service, name, node)) return false;
        }

        return true;
    }

    /// <summary>Whether <paramref name="from"/> comes, directly or not, after <paramref name="to"/>.</summary>
    private static bool Reaches(string from, string to, IReadOnlyDictionary<string, ServiceProgress> node)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var open = new Stack<string>();
        open.Push(from);
        while (open.TryPop(out var service))
        {
            if (!node.TryGetValue(service, out var progress)) continue;
            foreach (var after in progress.After)
            {
                if (after.Service == to) return true;
                if (seen.Add(after.Service)) open.Push(after.Service);
            }
        }

        return false;
    }
}
