using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;

namespace Holdfast.Node.Clusters;

/// <summary>What a switchover would need.</summary>
internal static class MovePlanning
{
    /// <summary>Whether a service can be moved, and to where. Changes nothing.</summary>
    /// <param name="service">Which.</param>
    /// <param name="to">Empty: the best that does not lead.</param>
    public static Outcome<(LeadershipView View, Candidate To)> Plan(ClusterImage image, string service, string to, DateTimeOffset now)
    {
        if (image.Services.Find(service) is not { } record) return ClusterProblems.NoService(service);
        if (image.Placements.Find(service)?.Value is not { IsLed: true } placement) return ClusterProblems.NotLed(service);
        var view = LeadershipViews.Of(image, record.Value, placement, now);
        if (view.Leader is not { } leader) return ClusterProblems.NobodyLeads(service);
        if (to.Length == 0)
        {
            var best = CandidateRanking.Rank(view.Candidates).FirstOrDefault(c => c.Node != leader.Node);
            return best is null ? ClusterProblems.NoOther(service) : (view, best);
        }

        if (leader.Node == to) return ClusterProblems.LeadsAlready(service, to);
        if (image.Nodes.Find(to) is null) return ClusterProblems.NoNode(to, image.Nodes.Documents.Keys);
        var wanted = view.Candidates.FirstOrDefault(c => c.Node == to);
        if (wanted is null) return ClusterProblems.CannotLead(service, to, placement.Nodes.Contains(to) ? "it is away" : "its spec's placement does not let it be there");
        return wanted.Excluded is { } why ? ClusterProblems.CannotLead(service, to, why) : (view, wanted);
    }
}
