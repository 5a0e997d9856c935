using System.Collections.Immutable;

namespace Holdfast.Core.Auditing;

/// <summary>
/// How many business records instances may still append: a bucket for each, which holds a minute's worth and fills over that minute. An instance is
/// remembered while its bucket is not full.
/// </summary>
public sealed record RecordRates
{
    /// <summary>By instance: when its bucket is full again.</summary>
    private readonly ImmutableDictionary<string, TimeSpan> fullAt;

    private RecordRates(ImmutableDictionary<string, TimeSpan> fullAt) => this.fullAt = fullAt;

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    public static RecordRates Full { get; } = new(ImmutableDictionary.Create<string, TimeSpan>(StringComparer.Ordinal));

    /// <summary>How many instances are remembered.</summary>
    public int Count => fullAt.Count;

    /// <summary>Takes one record's worth out of an instance's bucket.</summary>
    /// <param name="instance">Its name.</param>
    /// <param name="perMinute">How many a minute it may append, at least 1.</param>
    /// <param name="now">On a clock that never jumps.</param>
    /// <returns>Null: it may append. Otherwise nothing was taken, and that is how long it is to wait.</returns>
    public (RecordRates Next, TimeSpan? Wait) Take(string instance, int perMinute, TimeSpan now)
    {
        ArgumentException.ThrowIfNullOrEmpty(instance);
        ArgumentOutOfRangeException.ThrowIfLessThan(perMinute, 1);
        var left = fullAt.RemoveRange(fullAt.Where(one => one.Value <= now).Select(one => one.Key));
        var full = (left.TryGetValue(instance, out var known) ? known : now) + (Window / perMinute);
        var wait = full - now - Window;
        return wait > TimeSpan.Zero ? (new(left), wait) : (new(left.SetItem(instance, full)), null);
    }
}
