using System.Collections.Immutable;
using System.Globalization;

namespace Holdfast.Core.Auditing;

/// <summary>
/// Decides which refused attempts are entries of their own. A caller's first one is; what follows within a minute is counted, and the count is an entry when the minute is over: every
/// attempt is in the record, and nobody fills a disk by trying. Callers beyond <see cref="MostCallers"/> share one count.
/// </summary>
public sealed record RefusalBrake
{
    /// <summary>At most so many entries a minute come of refusals, and one more, twice where a minute ends and another begins.</summary>
    public const int MostCallers = 32;

    /// <summary>How many attempts a summary names; others are only counted.</summary>
    public const int MostNamed = 8;

    public const string FurtherDetail = "further";
    public const string WithinDetail = "within";
    public const string AttemptedDetail = "attempted";
    public const string SeveralCallers = "several callers";

    private const string Shared = "";

    private readonly ImmutableDictionary<string, Held> callers;

    private RefusalBrake(ImmutableDictionary<string, Held> callers) => this.callers = callers;

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    public static RefusalBrake Idle { get; } = new(ImmutableDictionary.Create<string, Held>(StringComparer.Ordinal));

    /// <summary>When <see cref="Pass"/> is to be called next; null: nothing waits.</summary>
    public TimeSpan? Due => callers.IsEmpty ? null : callers.Values.Min(held => held.Since) + Window;

    /// <summary>Takes an attempt that was refused.</summary>
    /// <param name="caller">By whom: the same text for the same caller, not empty.</param>
    /// <param name="attempt">What would be recorded of it.</param>
    /// <param name="now">On a clock that never jumps.</param>
    /// <returns>What is to be recorded now.</returns>
    public (RefusalBrake Next, IReadOnlyList<AuditRecord> Records) Attempt(string caller, AuditRecord attempt, TimeSpan now)
    {
        ArgumentException.ThrowIfNullOrEmpty(caller);
        ArgumentNullException.ThrowIfNull(attempt);
        var (passed, records) = Pass(now);
        var key = passed.callers.ContainsKey(caller) || passed.callers.Count(one => one.Key != Shared) < MostCallers ? caller : Shared;
        return passed.callers.TryGetValue(key, out var held)
            ? (new(passed.callers.SetItem(key, held.With(attempt))), records)
            : (new(passed.callers.SetItem(key, new(now, 0, attempt, []))), [.. records, attempt]);
    }

    /// <summary>What is to be recorded of minutes that are over.</summary>
    public (RefusalBrake Next, IReadOnlyList<AuditRecord> Records) Pass(TimeSpan now)
    {
        var (left, records) = (callers, new List<AuditRecord>());
        foreach (var (caller, held) in callers.Where(one => one.Value.Since + Window <= now).OrderBy(one => one.Value.Since).ThenBy(one => one.Key, StringComparer.Ordinal))
        {
            // Who goes on trying begins his next minute with a count, not with another entry.
            left = held.Further > 0 ? left.SetItem(caller, held with { Since = now, Further = 0, Named = [] }) : left.Remove(caller);
            if (held.Further > 0) records.Add(held.Summary(caller == Shared));
        }

        return (left == callers ? this : new(left), records);
    }

    /// <summary>Everything that was only counted so far, for the end.</summary>
    public IReadOnlyList<AuditRecord> Rest() => [.. callers.Where(one => one.Value.Further > 0).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value.Summary(one.Key == Shared))];

    /// <param name="Since">When its minute began.</param>
    /// <param name="Further">Attempts in it that are no entries.</param>
    /// <param name="Last">The last attempt.</param>
    /// <param name="Named">What was attempted, each once.</param>
    private sealed record Held(TimeSpan Since, long Further, AuditRecord Last, ImmutableSortedSet<string> Named)
    {
        public Held With(AuditRecord attempt)
        {
            var what = $"{attempt.Action} {attempt.Target}";
            return this with { Further = Further + 1, Last = attempt, Named = Named.Count < MostNamed ? Named.Add(what) : Named };
        }

        public AuditRecord Summary(bool ofSeveral)
        {
            var details = Last.Details.Where(detail => !ofSeveral || !CallDetails.IsOne(detail.Key)).ToDictionary(StringComparer.Ordinal);
            details[FurtherDetail] = Further.ToString(CultureInfo.InvariantCulture);
            details[WithinDetail] = "1m";
            details[AttemptedDetail] = string.Join("; ", Named);
            return Last with { Actor = ofSeveral ? SeveralCallers : Last.Actor, Details = details };
        }
    }
}
