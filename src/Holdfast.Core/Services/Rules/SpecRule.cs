namespace Holdfast.Core.Services.Rules;

/// <summary>Something that holds for every spec. Its name is contract: scripts look for it.</summary>
/// <param name="Name">Stable, greppable: <c>spec.unknown-key</c>.</param>
/// <param name="Says">What holds, in one sentence.</param>
public sealed record SpecRule(string Name, string Says);
