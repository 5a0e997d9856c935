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
            var granted = wanted.Groups.Where(group => group.Id == entry.Id).Aggregate(AccessRights.None, (all, group) => all | group.Of(isFolder));
            var allowed = wanted.Others | granted | (ids.Means(entry.Id) ? wanted.Account : AccessRights.None);
            if ((entry.Rights & ~allowed) is var more and not AccessRights.None) differences.Add($"{entry.Name} may {Words(more, isFolder)} it");
        }

        // What nobody keeps from it, it does not lack.
        if (!ids.IsNode) Lacks(ids.Name, wanted.Account, ids.Means);
        foreach (var group in wanted.Groups.Where(group => !ids.Trusted.Contains(group.Id))) Lacks(group.Name, group.Of(isFolder), id => id == group.Id);
        return differences;

        void Lacks(string who, AccessRights needed, Func<string, bool> means)
        {
            var missing = needed & (isFolder ? ~AccessRights.None : ~AccessRights.Execute) & ~Effective(seen, means);
            if (missing != AccessRights.None) differences.Add($"{who} cannot {Words(missing, isFolder, "or")} it");
        }
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

    private static AccessRights Effective(SeenAccess seen, Func<string, bool> means)
    {
        var own = seen.Entries.Where(entry => means(entry.Id) || AccessIds.Everybody.Contains(entry.Id)).ToList();
        // A person's entry decides before those of groups, which are added up, and these before everybody's.
        if (seen.FirstDecides && own.FirstOrDefault(entry => means(entry.Id)) is { } first)
            own = [.. own.Where(entry => entry == first || (first.IsGroup && entry.IsGroup))];
        return own.Aggregate(AccessRights.None, (all, one) => all | one.Rights);
    }
}
