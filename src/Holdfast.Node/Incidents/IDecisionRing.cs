using Holdfast.Core.Problems;

namespace Holdfast.Node.Incidents;

/// <summary>Where decisions are kept. Each member may take as long as a disk takes, and is called by one at a time.</summary>
internal interface IDecisionRing
{
    /// <summary>Makes ready to append. Problems: <c>files.*</c>.</summary>
    /// <returns>The highest number that was ever used here; 0: none.</returns>
    Outcome<long> Open();

    /// <summary>They are on the disk when it is done; with a problem (<c>files.*</c>) some may be.</summary>
    Outcome<Done> Append(IReadOnlyList<DecisionLine> lines);
}

/// <param name="Bytes">A JSON document on one line, its newline included.</param>
internal readonly record struct DecisionLine(long Number, byte[] Bytes);
