using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Segments;

namespace Holdfast.Supervisor.Capture;

/// <summary>The segments of one instance: opened at the first line, tried again while they cannot be, and told first what was lost before.</summary>
internal sealed class SegmentSink(Func<SegmentPolicy, Outcome<SegmentWriter>> open, SegmentPolicy policy, TimeProvider time) : IDisposable
{
    private const int LargestBlock = 4 << 20;

    private readonly List<Loss> losses = [];
    private volatile SegmentWriter? writer;
    private SegmentPolicy policy = policy;
    private Problem? toldSyncTrouble;
    private bool closed;

    public SegmentPolicy Policy
    {
        get => policy;
        set
        {
            policy = value;
            if (writer is { } current) current.Policy = value;
        }
    }

    public bool HasLosses => losses.Count > 0;

    public long UnsyncedBytes => writer?.UnsyncedBytes ?? 0;

    public Problem? SyncTrouble => writer?.SyncTrouble;

    /// <summary>Null when it is written.</summary>
    public Problem? Write(CapturedBlock block)
    {
        if (!CanEverHold(block)) return new(ProblemKind.Failed, "output.too-long", $"redaction made {block.LineCount} lines longer than a segment can hold");
        return WriteLosses() ?? writer!.Append(block.Stream, block.Flags, block.At, block.Lines, block.LineCount);
    }

    public static bool CanEverHold(CapturedBlock block) => block.Lines.Length <= LargestBlock;

    /// <summary>Opens what is not open, and writes what there is to tell of losses. Null when nothing is left to tell.</summary>
    public Problem? WriteLosses()
    {
        if (Open() is { } problem) return problem;
        while (losses.Count > 0)
        {
            if (writer!.AppendLoss(losses[0], time.GetUtcNow()) is { } failed) return failed;
            losses.RemoveAt(0);
        }

        return null;
    }

    /// <summary>To be told before the next line that is written.</summary>
    public void AddLoss(CapturedBlock block, string reason)
    {
        // One after the other of the same stream is one loss; streams in turn are at most two, since the order between them is not kept.
        var stream = block.Stream;
        var index = losses.FindIndex(loss => loss.Stream == stream);
        if (index < 0) losses.Add(new(block.Stream, block.LineCount, block.Lines.Length, reason));
        else losses[index] = losses[index] with { Lines = losses[index].Lines + block.LineCount, Bytes = losses[index].Bytes + block.Lines.Length };
    }

    public void Sync() => writer?.Sync();

    /// <summary>A trouble with syncing that was not there before.</summary>
    public Problem? TakeSyncTrouble()
    {
        var current = writer?.SyncTrouble;
        var isNew = current is not null && toldSyncTrouble is null;
        toldSyncTrouble = current;
        return isNew ? current : null;
    }

    public void Maintain() => writer?.Maintain();

    public void Dispose()
    {
        if (losses.Count > 0) WriteLosses();
        closed = true;
        losses.Clear();
        writer?.Dispose();
    }

    private Problem? Open()
    {
        if (closed) return new(ProblemKind.Conflict, "output.closed", "the instance's output is closed");
        if (writer is not null) return null;
        var opened = open(policy);
        if (!opened.TryGet(out var made)) return opened.Problems[0];
        writer = made;
        foreach (var found in made.Recovery.Problems)
            made.Append(StreamKind.Holdfast, BlockFlags.None, time.GetUtcNow(), Encoding.UTF8.GetBytes(found.What + "\n"), 1);
        return null;
    }
}
