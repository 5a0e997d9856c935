namespace Holdfast.Segments;

/// <summary>Where a reader stands, for one that goes on later.</summary>
/// <param name="Set">The id of the folder's numbering; empty before its first segment.</param>
/// <param name="Next">The sequence that comes next; 0 when whatever is first does.</param>
public readonly record struct SegmentPlace(Guid Set, long Next);
