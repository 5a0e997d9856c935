namespace Holdfast.Core.Auditing.Tree;

/// <summary>
/// Which of the entries that there were are changed, missing, moved or invented: by their hashes alone, so that nothing that a line says of
/// itself is believed.
/// </summary>
public static class RecordAlignment
{
    /// <param name="from">The number of the first entry.</param>
    /// <param name="hashes">Of the entries that there were, in order.</param>
    /// <param name="seen">The lines that there are, in order.</param>
    public static IReadOnlyList<AuditFinding> Compare(long from, IReadOnlyList<TreeHash> hashes, IReadOnlyList<SeenRecord> seen)
    {
        var findings = new List<AuditFinding>();
        if (hashes.SequenceEqual(seen.Select(record => record.Hash)))
            return findings;
        var places = new Dictionary<TreeHash, int>();
        for (var i = 0; i < hashes.Count; i++)
            places.TryAdd(hashes[i], i);

        // For each line the place of its entry; none: -1.
        var placed = new int[seen.Count];
        var found = new bool[hashes.Count];
        var copied = new HashSet<int>();
        for (var i = 0; i < seen.Count; i++)
        {
            placed[i] = places.TryGetValue(seen[i].Hash, out var place) ? place : -1;
            if (placed[i] >= 0 && found[place])
            {
                findings.Add(new(AuditFault.Inserted, from + place, $"Entry {from + place} stands there a second time, as record {i + 1}."));
                placed[i] = -2;
                copied.Add(place);
            }
            else if (placed[i] >= 0)
            {
                found[place] = true;
            }
        }

        var claimed = (bool[])found.Clone();
        for (var i = 0; i < seen.Count; i++)
        {
            if (placed[i] == -1)
                findings.Add(Stranger(from, i, seen[i], claimed));
        }

        Moved(from, placed, copied, findings);
        for (var i = 0; i < claimed.Length; i++)
        {
            var end = i;
            while (end < claimed.Length && !claimed[end])
                end++;
            if (end > i)
                findings.Add(new(AuditFault.Removed, from + i, end - i == 1 ? $"Entry {from + i} is missing." : $"Entries {from + i} to {from + end - 1} are missing."));
            i = end;
        }

        return [.. findings.OrderBy(finding => finding.Sequence)];
    }

    /// <summary>A line that is none of the entries: the changed one whose number it bears, or in whose place it stands; else nobody's.</summary>
    private static AuditFinding Stranger(long from, int index, SeenRecord record, bool[] claimed)
    {
        var place = record.Sequence > 0 ? record.Sequence - from : index;
        if (place >= 0 && place < claimed.Length && !claimed[place])
        {
            claimed[place] = true;
            return new(AuditFault.Edited, from + place, $"Entry {from + place} (record {index + 1}) is not what was written.");
        }

        return new(AuditFault.Inserted, record.Sequence > 0 ? record.Sequence : from + index, $"Record {index + 1} was never in the log{(record.Sequence > 0 ? $"; it says that it is entry {record.Sequence}" : "")}.");
    }

    /// <summary>The longest run of entries that stand in order stands still; the others were moved, but one that is there twice: either may be the copy.</summary>
    private static void Moved(long from, int[] placed, HashSet<int> copied, List<AuditFinding> findings)
    {
        // Patience sorting: ends[n] is the line that ends the run of n + 1 entries whose last place is smallest.
        var ends = new List<int>();
        var before = new int[placed.Length];
        for (var i = 0; i < placed.Length; i++)
        {
            if (placed[i] < 0)
                continue;
            var (low, high) = (0, ends.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (placed[ends[middle]] < placed[i]) low = middle + 1;
                else high = middle;
            }

            before[i] = low > 0 ? ends[low - 1] : -1;
            if (low == ends.Count) ends.Add(i);
            else ends[low] = i;
        }

        var still = new HashSet<int>();
        for (var i = ends.Count > 0 ? ends[^1] : -1; i >= 0; i = before[i])
            still.Add(i);
        for (var i = 0; i < placed.Length; i++)
        {
            if (placed[i] >= 0 && !still.Contains(i) && !copied.Contains(placed[i]))
                findings.Add(new(AuditFault.Reordered, from + placed[i], $"Entry {from + placed[i]} stands in another place, as record {i + 1}."));
        }
    }
}
