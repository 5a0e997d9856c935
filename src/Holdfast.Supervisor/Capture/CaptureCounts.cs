using Holdfast.Core.Problems;
using Holdfast.Core.Redaction;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Capture;

/// <summary>What was read, written and lost. LinesRead = LinesWritten + LinesDropped + lines held.</summary>
internal sealed class CaptureCounts(CaptureStatus? earlier)
{
    private readonly CaptureStatus start = earlier ?? new();
    private long linesWritten;
    private long bytesWritten;
    private DateTimeOffset? lastLineAt = earlier?.LastLineAt;

    public RedactionTally Redacted { get; } = new(earlier?.Redacted);

    public long BytesRead { get; set; }

    public long LinesRead { get; set; }

    public long LinesDropped { get; private set; }

    public long BytesDropped { get; private set; }

    public TimeSpan Blocked { get; set; }

    public void Written(CapturedBlock block)
    {
        linesWritten += block.LineCount;
        bytesWritten += block.Lines.Length;
        lastLineAt = block.At;
    }

    public void Dropped(CapturedBlock block)
    {
        LinesDropped += block.LineCount;
        BytesDropped += block.Lines.Length;
    }

    public CaptureStatus Status(Problem? trouble, TimeSpan blockedNow) => new()
    {
        BytesRead = start.BytesRead + BytesRead,
        LinesRead = start.LinesRead + LinesRead,
        BytesWritten = start.BytesWritten + bytesWritten,
        LinesWritten = start.LinesWritten + linesWritten,
        BytesDropped = start.BytesDropped + BytesDropped,
        LinesDropped = start.LinesDropped + LinesDropped,
        Blocked = start.Blocked + Blocked + blockedNow,
        LastLineAt = lastLineAt,
        Redacted = Redacted.Snapshot(),
        Trouble = trouble?.What,
    };
}
