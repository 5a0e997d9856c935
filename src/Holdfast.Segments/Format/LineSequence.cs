using System.Text;

namespace Holdfast.Segments;

/// <summary>The lines of a block, without an allocation each: use it with <c>foreach</c>.</summary>
public struct LineSequence
{
    private const BlockFlags WholeBlock = BlockFlags.Lost | BlockFlags.Gap;

    private readonly SegmentBlock block;
    private ReadOnlyMemory<byte> rest;
    private long index;

    internal LineSequence(SegmentBlock block)
    {
        this.block = block;
        rest = block.Loss is { } loss ? Encoding.UTF8.GetBytes(loss + "\n") : block.Payload;
        index = -1;
        Current = default;
    }

    public SegmentLine Current { get; private set; }

    public readonly LineSequence GetEnumerator() => this;

    public bool MoveNext()
    {
        if (rest.IsEmpty) return false;
        index++;
        var end = rest.Span.IndexOf((byte)'\n');
        var text = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        var flags = block.Flags & WholeBlock;
        if (index == 0) flags |= block.Flags & BlockFlags.Resumed;
        if (rest.IsEmpty) flags |= block.Flags & BlockFlags.Unfinished;
        Current = new(block.Sequence + index, block.At, block.Stream, flags, text);
        return true;
    }
}
