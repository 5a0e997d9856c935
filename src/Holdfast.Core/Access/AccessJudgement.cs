namespace Holdfast.Core.Access;

/// <summary>Holds what is against what is to be.</summary>
public static class AccessJudgement
{
    /// <summary>Everything by which one file or folder of an area is otherwise, in sentences about it; empty: it is as wanted.</summary>
    /// <param name="isFolder">A file that is not executed needs no such right.</param>
    public static IReadOnlyList<string> Differences(WantedAccess wanted, SeenAccess seen, AccessIds ids, bool isFolder)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(ids);
        List<string> differences = [];
        foreach (var entry in seen.Entries.Where(entry => !ids.Trusted.Contains(entry.Id)))
        {
            var allowed = wanted.Others | (ids.Means(entry.Id) ? wanted.Account : AccessRights.None);
            if ((entry.Rights & ~allowed) is var more and not AccessRights.None) differences.Add($"{entry.Name} may {Words(more, isFolder)} it");
        }

        // What nobody keeps from it, it does not lack.
        if (ids.IsNode) return differences;
        var missing = wanted.Account & (isFolder ? ~AccessRights.None : ~AccessRights.Execute) & ~Effective(seen, ids);
        if (missing != AccessRights.None) differences.Add($"{ids.Name} cannot {Words(missing, isFolder, "or")} it");
        return differences;
    }

    /// <summary>read, write and execute it, or a folder's words for the same.</summary>
    public static string Words(AccessRights rights, bool isFolder, string last = "and")
    {
        List<string> words = [];
        if (rights.HasFlag(AccessRights.Read)) words.Add(isFolder ? "list" : "read");
        if (rights.HasFlag(AccessRights.Write)) words.Add("write");
        if (rights.HasFlag(AccessRights.Execute)) words.Add(isFolder ? "enter" : "execute");
        return words.Count switch
        {
            0 => "nothing",
            1 => words[0],
            _ => $"{string.Join(", ", words.Take(words.Count - 1))} {last} {words[^1]}",
        };
    }

    private static AccessRights Effective(SeenAccess seen, AccessIds ids)
    {
        var own = seen.Entries.Where(entry => ids.Means(entry.Id) || AccessIds.Everybody.Contains(entry.Id)).Select(entry => entry.Rights).ToList();
        if (own.Count == 0) return AccessRights.None;
        return seen.FirstDecides ? own[0] : own.Aggregate((all, one) => all | one);
    }
}
