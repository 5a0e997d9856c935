using Holdfast.Core.Incidents;

namespace Holdfast.Cli.Documents;

/// <summary>A decision that was made again.</summary>
/// <param name="Differences">Empty: this version decides the same.</param>
internal sealed record ReplayedDecision(IncidentLine.Decided Then, IReadOnlyList<ReplayDifference> Differences)
{
    public bool IsSame => Differences.Count == 0;
}
