using Holdfast.Core.Problems;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>Something that was not taken over as it stood.</summary>
/// <param name="Setting">As the other wrapper calls it.</param>
/// <param name="Says">What became of it, and what to do if that matters. Never a secret.</param>
public sealed record ImportNote(string Setting, string Says)
{
    /// <summary>Where the setting stands; null: in no file, or nobody knows.</summary>
    public Place? Where { get; init; }

    public override string ToString() => Where is { } where ? $"{where}: {Setting}: {Says}" : $"{Setting}: {Says}";
}
