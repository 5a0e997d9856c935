namespace Holdfast.Core.Supervision;

/// <summary>What one input led to: the next state, what is to be done, and why.</summary>
public sealed record Step(Instance State, IReadOnlyList<Effect> Effects, string Reason);
