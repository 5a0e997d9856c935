using Holdfast.Core.Capture;
using Holdfast.Core.Problems;
using Holdfast.Core.Redaction;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Supervisor.Capture;

/// <summary>
/// One pipe of one process: stdout or stderr. It is passive: whoever drives it (a <see cref="CapturePump"/>) calls it when the pipe is
/// readable, from one thread at a time. Lines reach the disk whole, decoded and redacted.
/// </summary>
public sealed class CaptureStream
{
    private readonly OutputCapture output;
    private readonly PipeReadEnd pipe;
    private readonly Transcoder? transcoder;
    private readonly RedactionTally tally = new();
    private readonly Redactor redactor;
    private readonly TimeProvider time;
    private readonly LinePart part = new();
    private readonly Queue<HeldBlock> held = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastRead;
    private bool midLine;
    private bool atEnd;
    private bool failed;

    internal CaptureStream(OutputCapture output, StreamKind kind, PipeReadEnd pipe, Transcoder? transcoder, RedactionRules rules, TimeProvider time)
    {
        (this.output, Kind, this.pipe) = (output, kind, pipe);
        (this.transcoder, this.time) = (transcoder, time);
        redactor = new(rules, tally);
    }

    public StreamKind Kind { get; }

    /// <summary>Completes when everything was read and stored (or counted), to the end.</summary>
    public Task Ended => ended.Task;

    /// <summary>Lines are waiting for room on the disk, and nothing is read.</summary>
    public bool IsHeld => held.Count > 0;

    /// <summary>A line has begun and its end has not come.</summary>
    public bool HasPart => part.Length > 0;

    /// <summary>The pipe was given back.</summary>
    internal bool IsClosed => ended.Task.IsCompleted;

    /// <summary>The pump's name for it.</summary>
    internal long Token { get; set; }

    internal OutputCapture Output => output;

    internal PipeReadEnd Pipe => pipe;

    /// <summary>What the next image needs to go on in the middle of a line. Nothing is read meanwhile.</summary>
    internal StreamHandover HandOver() => new()
    {
        Stream = Kind.Name(),
        Descriptor = (int)pipe.Handle.DangerousGetHandle(),
        Part = part.Bytes.ToArray(),
        MidLine = midLine,
        PrivateKeyLines = redactor.PrivateKeyLines,
        Undecoded = transcoder is null ? [] : transcoder.Undecoded.ToArray(),
        Failed = failed,
    };

    /// <summary>Goes on where the earlier image was. Before the first read.</summary>
    internal void TakeOver(StreamHandover earlier)
    {
        part.Set(earlier.Part);
        midLine = earlier.MidLine;
        redactor.PrivateKeyLines = earlier.PrivateKeyLines;
        transcoder?.GoOnFrom(earlier.Undecoded);
        failed = earlier.Failed;
        lastRead = time.GetTimestamp();
    }

    /// <summary>Reads once. Call it when the pipe is readable or hung up.</summary>
    public CaptureStep OnReadable(CaptureWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (failed) return Discard(workspace);
        if (IsHeld) return CaptureStep.Held;
        var begun = part.Length;
        var room = transcoder is null ? workspace.Text.AsSpan(begun, CaptureLimits.ReadBytes) : workspace.Raw;
        var read = pipe.Read(room);
        if (read.State == ReadState.WouldBlock) return CaptureStep.Waiting;
        if (read.State == ReadState.End)
        {
            End(workspace);
            return IsHeld ? CaptureStep.Held : CaptureStep.Ended;
        }

        lastRead = time.GetTimestamp();
        output.CountRead(read.Bytes);
        part.Bytes.CopyTo(workspace.Text);
        var added = transcoder is null ? read.Bytes : transcoder.Convert(workspace.Raw.AsSpan(0, read.Bytes), workspace.Text.AsSpan(begun));
        StoreLines(workspace, workspace.Text.AsSpan(0, begun + added));
        return IsHeld ? CaptureStep.Held : CaptureStep.Read;
    }

    /// <summary>Tries to store what is held.</summary>
    public CaptureStep Retry()
    {
        while (held.TryPeek(out var next))
        {
            if (!output.TryStore(next.Block)) return CaptureStep.Held;
            held.Dequeue();
        }

        return atEnd ? CaptureStep.Ended : CaptureStep.Read;
    }

    /// <summary>Stores a line that has no end yet, if nothing has come for a while.</summary>
    public void OnPause(CaptureWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (!HasPart || IsHeld || time.GetElapsedTime(lastRead) < CaptureLimits.Pause) return;
        var length = Utf8Text.Boundary(part.Bytes, part.Length);
        if (length == 0) return;
        StorePiece(workspace, part.Bytes[..length]);
        part.Set(part.Bytes[length..].ToArray());
    }

    /// <summary>From now on the stream is read and counted as lost: the service goes on.</summary>
    internal CaptureStep Fail(Exception cause)
    {
        if (failed) return CaptureStep.Ended;
        failed = true;
        part.Clear();
        output.Report(new(ProblemKind.Failed, "output.bug", $"the capture of {Kind.Name()} failed: {cause.Message}") { Mend = "please report it; the lines from here on are counted as lost until the next restart" });
        return CaptureStep.Read;
    }

    /// <summary>Stops reading here, whatever may still come: what was read is stored, or counted as lost where it is held.</summary>
    public void Abandon(CaptureWorkspace workspace)
    {
        if (!ended.Task.IsCompleted)
        {
            if (!atEnd) End(workspace);
            while (held.TryDequeue(out var block)) output.Drop(block.Block, "the stream was closed while the disk could not be written");
        }

        Close();
    }

    /// <summary>After the end: gives the pipe back.</summary>
    public void Close()
    {
        part.Clear();
        pipe.Dispose();
        ended.TrySetResult();
    }

    private CaptureStep Discard(CaptureWorkspace workspace)
    {
        var read = pipe.Read(workspace.Raw);
        if (read.State == ReadState.WouldBlock) return CaptureStep.Waiting;
        if (read.State == ReadState.End) return CaptureStep.Ended;
        var lost = workspace.Raw.AsSpan(0, read.Bytes);
        output.CountRead(read.Bytes);
        output.Lost(new(Kind, BlockFlags.None, time.GetUtcNow(), lost, Math.Max(lost.Count((byte)'\n'), 1)), "the capture of the stream failed");
        return CaptureStep.Read;
    }

    private void End(CaptureWorkspace workspace)
    {
        atEnd = true;
        var length = part.Length;
        part.Bytes.CopyTo(workspace.Text);
        if (transcoder is not null) length += transcoder.Flush(workspace.Text.AsSpan(length));
        part.Clear();
        if (length > 0) StorePiece(workspace, workspace.Text.AsSpan(0, length));
    }

    private void StoreLines(CaptureWorkspace workspace, ReadOnlySpan<byte> text)
    {
        var end = text.LastIndexOf((byte)'\n') + 1;
        if (end > 0) Store(workspace, text[..end], BlockFlags.None);
        text = text[end..];
        while (text.Length >= CaptureLimits.LineBytes)
        {
            var cut = Utf8Text.Boundary(text, redactor.SafeCut(text, CaptureLimits.LineBytes - CaptureLimits.CutMargin));
            StorePiece(workspace, text[..cut]);
            text = text[cut..];
        }

        part.Set(text);
    }

    /// <summary>Stores a part of a line; the newline that ends it in the segment is ours.</summary>
    private void StorePiece(CaptureWorkspace workspace, ReadOnlySpan<byte> piece)
    {
        var buffer = workspace.Piece;
        buffer.ResetWrittenCount();
        piece.CopyTo(buffer.GetSpan(piece.Length + 1));
        buffer.GetSpan(piece.Length + 1)[piece.Length] = (byte)'\n';
        buffer.Advance(piece.Length + 1);
        Store(workspace, buffer.WrittenSpan, BlockFlags.Unfinished);
    }

    private void Store(CaptureWorkspace workspace, ReadOnlySpan<byte> lines, BlockFlags flags)
    {
        if (midLine) flags |= BlockFlags.Resumed;
        midLine = (flags & BlockFlags.Unfinished) != 0;
        if (transcoder is null) lines = Utf8Text.Repair(lines, workspace.Repaired);
        workspace.Redacted.ResetWrittenCount();
        if (redactor.TryRedact(lines, workspace.Redacted))
        {
            lines = workspace.Redacted.WrittenSpan;
            output.CountRedacted(tally);
        }

        var block = new CapturedBlock(Kind, flags, time.GetUtcNow(), lines, lines.Count((byte)'\n'));
        output.CountLines(block.LineCount);
        if (IsHeld || !output.TryStore(block)) held.Enqueue(new(block));
    }
}
