namespace Holdfast.Telemetry.Shipping;

/// <summary>A batch that is on its way to the sink while the next one is filled.</summary>
/// <param name="Batch">Not to be touched before it has landed.</param>
/// <param name="Shares">What is to be settled then.</param>
/// <param name="IsFull">It has as much as a batch should: there is more to read already.</param>
/// <param name="Refused">Ends when each of its events is delivered or put aside, with those that were put aside.</param>
internal sealed record Flight(EventBatch Batch, IReadOnlyList<StreamShare> Shares, bool IsFull, Task<HashSet<int>> Refused);
