using Holdfast.Core.Leadership;
using Holdfast.Core.Placement;
using Holdfast.Core.Services;

namespace Holdfast.Node.Clusters;

/// <summary>Sees how long nodes have been able to lead, and when a service is to go back to a better owner.</summary>
internal sealed class FailbackWatch
{
    private readonly Dictionary<(string Service, string Node), TimeSpan> fit = [];

    public void Forget() => fit.Clear();

    /// <summary>Switchovers that are to be wanted now; without one where a better owner has to be waited for.</summary>
    public IReadOnlyList<(MoveDocument? Move, string Why)> Look(ClusterImage image, DateTimeOffset now, TimeSpan clock, TimeOnly localTime)
    {
        List<(MoveDocument?, string)> found = [];
        foreach (var placement in image.Placements.Documents.Values.Select(p => p.Value).Where(p => p.IsLed && p.Spec.Failback.Mode != FailbackMode.Manual))
        {
            var view = LeadershipViews.Of(image, image.Services.Find(placement.Service)?.Value, placement, now);
            foreach (var candidate in view.Candidates)
            {
                if (candidate.CanLead) fit.TryAdd((placement.Service, candidate.Node), clock);
                else fit.Remove((placement.Service, candidate.Node));
            }

            foreach (var (service, node) in fit.Keys.Where(key => key.Service == placement.Service && !view.Candidates.Any(c => c.Node == key.Node)).ToList()) fit.Remove((service, node));
            if (view.Leader is not { } leader || view.SwitchTo is not null || view.Paused) continue;
            var fitFor = view.Candidates.Where(c => c.CanLead).ToDictionary(c => c.Node, c => clock - fit[(placement.Service, c.Node)], StringComparer.Ordinal);
            var decision = FailbackMachine.Decide(placement.Spec, leader.Node, view.Candidates, fitFor, localTime);
            if (decision.MoveTo is { } to) found.Add((new MoveDocument(placement.Service, to, "", Guid.NewGuid().ToString("n"), now), decision.Reason));
            else if (IsWaiting(placement.Spec, leader, view.Candidates)) found.Add((null, decision.Reason));
        }

        return found;
    }

    private static bool IsWaiting(PlacementSpec spec, Leader leader, IReadOnlyList<Candidate> candidates) =>
        candidates.Any(c => c.CanLead && Owners.Preference(spec, c.Node) < Owners.Preference(spec, leader.Node));
}
