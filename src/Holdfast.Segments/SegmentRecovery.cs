using Holdfast.Core.Problems;

namespace Holdfast.Segments;

/// <summary>What a writer found when it opened its folder.</summary>
/// <param name="TruncatedBytes">A torn end that was cut off: a write that a crash or power loss interrupted.</param>
/// <param name="DamagedBytes">Bytes between good blocks that are not what was written; they stay where they are, readers report them.</param>
/// <param name="DamagedRanges">In how many places.</param>
/// <param name="Problems">The same in words; empty when all was well.</param>
public sealed record SegmentRecovery(long TruncatedBytes, long DamagedBytes, int DamagedRanges, IReadOnlyList<Problem> Problems)
{
    public static SegmentRecovery Nothing { get; } = new(0, 0, 0, []);
}
