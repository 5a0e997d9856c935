using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Documents;

/// <summary>Ends the reading of a document that is nested too deeply; it does not leave this folder.</summary>
internal sealed class TooDeepException(Place place) : Exception
{
    public Place Place { get; } = place;
}
