namespace Holdfast.Telemetry.Shipping;

/// <summary>What a batch has of one stream, as it was when the batch was filled.</summary>
/// <param name="Reading">Whose it is.</param>
/// <param name="Set">The numbering that it is of.</param>
/// <param name="Number">Of its events in the batch: those under another number are of a numbering that is gone.</param>
/// <param name="Next">The sequence of the first line that is in none of the batches so far.</param>
/// <param name="Lost">Lines that are not there any more, of those that it accounts for.</param>
internal readonly record struct StreamShare(StreamReading Reading, Guid Set, int Number, long Next, long Lost);
