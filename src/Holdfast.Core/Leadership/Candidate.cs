namespace Holdfast.Core.Leadership;

/// <summary>How a node that does not lead stands by.</summary>
public enum Standby
{
    /// <summary>Its package may have to come first.</summary>
    Cold,

    /// <summary>Its package is admitted and its container prepared.</summary>
    Warm,

    /// <summary>It runs, held back until it leads.</summary>
    Hot,
}

/// <summary>A node that may lead a service, as it says of itself; the word ends with its lease.</summary>
/// <param name="Lease">The node's lease: what leads is put under it.</param>
/// <param name="Preference">0 for the first of the preferred owners.</param>
/// <param name="Excluded">Why it does not want to lead now (drained, quarantined, another release); null: it does.</param>
public sealed record Candidate(string Node, long Lease, int Preference, Standby Standby, bool Ready, string? Excluded)
{
    public bool CanLead => Excluded is null && Ready;
}

/// <summary>Who leads before whom: as the owners are preferred, then what stands by hot before warm and cold, then by name.</summary>
public static class CandidateRanking
{
    /// <summary>Those who can lead, the best first.</summary>
    public static IReadOnlyList<Candidate> Rank(IEnumerable<Candidate> candidates) =>
    [
        .. candidates.Where(c => c.CanLead)
            .OrderBy(c => c.Preference)
            .ThenByDescending(c => c.Standby)
            .ThenBy(c => c.Node, StringComparer.Ordinal),
    ];
}
