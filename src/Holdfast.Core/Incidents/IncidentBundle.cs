namespace Holdfast.Core.Incidents;

/// <summary>What was read from one file, whole.</summary>
/// <param name="Digest">The hash of its last line.</param>
public sealed record IncidentBundle(IncidentLine.Head Head, IReadOnlyList<IncidentLine.Decided> Decisions, IncidentLine.End End, string Digest);
