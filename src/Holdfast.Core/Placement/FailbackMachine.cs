using Holdfast.Core.Leadership;
using Holdfast.Core.Services;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Placement;

/// <param name="MoveTo">The better preferred owner to which leadership goes back; null: it stays.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record FailbackDecision(string? MoveTo, string Reason);

/// <summary>
/// Whether a service goes back to a better preferred owner by itself: a planned switchover, and never to a node that was fit for a moment only. It looks at the preferred
/// owners alone: what is avoided may come and go, and would move the service with it.
/// </summary>
public static class FailbackMachine
{
    /// <summary>A node that comes and goes is not moved to.</summary>
    public static readonly TimeSpan FitFor = TimeSpan.FromSeconds(30);

    /// <param name="leader">The node that leads.</param>
    /// <param name="fitFor">By node: how long it has been able to lead without a break. Of those that are not in it nothing is known: they wait.</param>
    /// <param name="localTime">The leader's time of day.</param>
    public static FailbackDecision Decide(
        PlacementSpec spec, string leader, IReadOnlyList<Candidate> candidates, IReadOnlyDictionary<string, TimeSpan> fitFor, TimeOnly localTime)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(fitFor);
        var place = Owners.Preference(spec, leader);
        var better = CandidateRanking.Rank(candidates).Where(one => Owners.Preference(spec, one.Node) < place).MinBy(one => Owners.Preference(spec, one.Node));
        if (better is null) return new(null, $"no better preferred owner than {leader} can lead");
        if (spec.Failback.Mode == FailbackMode.Manual) return new(null, $"{better.Node} is preferred, and failback is manual");
        // The best is waited for even where the second best is fit already: else there would be two moves.
        if (fitFor.GetValueOrDefault(better.Node) < FitFor) return new(null, $"{better.Node} is preferred, and has not been fit for {DurationText.Format(FitFor)} yet");
        return spec.Failback is { Mode: FailbackMode.Between, From: { } from, To: { } to } && !localTime.IsBetween(from, to)
            ? new(null, $"{better.Node} is preferred, and failback is between {TimeText.Format(from)} and {TimeText.Format(to)}")
            : new(better.Node, $"{better.Node} is preferred, and has been fit for {DurationText.Format(FitFor)}");
    }
}
