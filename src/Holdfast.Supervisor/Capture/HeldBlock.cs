using Holdfast.Segments;

namespace Holdfast.Supervisor.Capture;

/// <summary>A block that waits for room on the disk.</summary>
internal sealed class HeldBlock(CapturedBlock block)
{
    private readonly (StreamKind Stream, BlockFlags Flags, DateTimeOffset At, int LineCount) facts = (block.Stream, block.Flags, block.At, block.LineCount);
    private readonly byte[] lines = block.Lines.ToArray();

    public CapturedBlock Block => new(facts.Stream, facts.Flags, facts.At, lines, facts.LineCount);
}
