namespace Holdfast.Storage;

/// <summary>
/// If all compares hold, the steps of <see cref="Then"/>, else those of <see cref="Else"/>: all of them at one revision, or none.
/// Within one branch a key may be put only once, and not be put and deleted.
/// </summary>
public sealed record Transaction
{
    public IReadOnlyList<Compare> If { get; init; } = [];

    public IReadOnlyList<Operation> Then { get; init; } = [];

    public IReadOnlyList<Operation> Else { get; init; } = [];

    /// <summary>
    /// Names this change for good: a second commit with the same id changes nothing and answers what the first one did.
    /// Kept by the store for <see cref="StoreLimits.RequestMemory"/> at least.
    /// </summary>
    public string RequestId { get; init; } = Guid.NewGuid().ToString("n");
}
