namespace Holdfast.Core.Redaction;

/// <summary>How often each rule struck.</summary>
public sealed class RedactionTally
{
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <summary>Goes on from earlier counts.</summary>
    public RedactionTally(IReadOnlyDictionary<string, long>? earlier = null)
    {
        foreach (var (rule, count) in earlier ?? new Dictionary<string, long>()) counts[rule] = count;
    }

    public void Add(string rule) => counts[rule] = counts.GetValueOrDefault(rule) + 1;

    /// <summary>Adds the counts to another tally, and begins again at zero.</summary>
    public void MoveTo(RedactionTally other)
    {
        foreach (var (rule, count) in counts) other.counts[rule] = other.counts.GetValueOrDefault(rule) + count;
        counts.Clear();
    }

    /// <summary>As it is now; it does not change any more.</summary>
    public IReadOnlyDictionary<string, long> Snapshot() => new SortedDictionary<string, long>(counts, StringComparer.Ordinal).AsReadOnly();
}
