using Holdfast.Core.Shipping;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Shipping;

/// <summary>How far a sink is in one stream: what its cursor keeps.</summary>
/// <param name="Set">The numbering that the sequences are of.</param>
public readonly record struct StreamPosition(Guid Set, StreamCount Count)
{
    public SegmentPlace Place => new(Set, Count.Next);
}
