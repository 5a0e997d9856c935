using Holdfast.Core.Shipping;

namespace Holdfast.Telemetry.Shipping;

/// <summary>How a sink stands.</summary>
/// <param name="Streams">By stream, how far it is.</param>
/// <param name="Trouble">Null: all is well.</param>
/// <param name="DeliveredEvents">Since the agent began.</param>
/// <param name="Failures">Attempts that brought nothing, since the agent began.</param>
public sealed record SinkStatus(IReadOnlyList<StreamStanding> Streams, SinkTrouble? Trouble, long DeliveredEvents, long Failures);

/// <param name="Why">Nothing, or not all, is delivered now; a sentence.</param>
/// <param name="Since">Since when there has been trouble without a break.</param>
public sealed record SinkTrouble(string Why, DateTimeOffset Since);

/// <summary>How far a sink is in one stream.</summary>
/// <param name="Folder">Of its segments.</param>
public sealed record StreamStanding(EventStream Stream, string Folder, StreamCount Count);
