namespace Holdfast.Core.Services.Rules;

/// <summary>Something that holds for every spec. Its name is contract: scripts look for it.</summary>
/// <param name="Name">Stable, greppable: <c>spec.unknown-key</c>.</param>
/// <param name="Says">What holds, in one sentence.</param>
public sealed record SpecRule(string Name, string Says)
{
    /// <summary>The sentence as the reason of a problem, in the middle of a line.</summary>
    internal string Reason => (Says.Length > 1 && char.IsUpper(Says[1]) ? Says : char.ToLowerInvariant(Says[0]) + Says[1..]).TrimEnd('.');
}
