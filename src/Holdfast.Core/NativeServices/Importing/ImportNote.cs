namespace Holdfast.Core.NativeServices.Importing;

/// <summary>Something that was not taken over as it stood.</summary>
/// <param name="Setting">As the other wrapper calls it.</param>
/// <param name="Says">What became of it, and what to do if that matters. Never a secret.</param>
public sealed record ImportNote(string Setting, string Says)
{
    public override string ToString() => $"{Setting}: {Says}";
}
