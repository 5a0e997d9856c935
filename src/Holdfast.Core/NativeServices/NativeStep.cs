namespace Holdfast.Core.NativeServices;

/// <summary>What one input led to.</summary>
/// <param name="Report">What the SCM is told now; null: nothing. <see cref="NativeState.Stopped"/> comes last of all, from the thread that ends last.</param>
/// <param name="Effects">To be done in order, and not on the handler's thread.</param>
/// <param name="Answer">What the handler returns at once: 0, 120 (never taken), 1061 (not now) or 1062 (stopped). 0 for what is no control.</param>
public sealed record NativeStep(NativeService State, NativeStatus? Report, IReadOnlyList<NativeEffect> Effects, uint Answer)
{
    /// <summary>Why, in a sentence.</summary>
    public string Reason => State.Reason;
}
