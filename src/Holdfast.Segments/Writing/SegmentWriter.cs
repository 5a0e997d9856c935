using System.Buffers;
using Holdfast.Core.Problems;
using Holdfast.Segments.Files;
using Holdfast.Segments.Writing;

namespace Holdfast.Segments;

/// <summary>
/// Appends blocks of lines to the segments of one folder, which has one writer at a time. It numbers the lines without gaps, begins new
/// segments by size and age, and deletes old ones. A failed append has written nothing: the caller counts its lines as lost or tries again.
/// </summary>
/// <remarks>Safe to use from several threads. No append allocates, and an idle writer holds no memory but its fields.</remarks>
public sealed class SegmentWriter : IDisposable
{
    private readonly Lock gate = new();
    private readonly ISegmentFolder folder;
    private readonly TimeProvider time;
    private readonly OldSegments old;
    private readonly Guid setId;
    private readonly int version;
    private OpenSegment? open;
    private long nextSequence;
    private long unsynced;
    private long unsyncedSince;
    private bool folderUnsynced;
    private bool disposed;

    private SegmentWriter(ISegmentFolder folder, SegmentPolicy policy, TimeProvider time, FolderState state, int version)
    {
        (this.folder, this.time, this.version, Policy) = (folder, time, version, policy);
        (old, open, setId, nextSequence, Recovery) = (state.Old, state.Open, state.SetId, state.NextSequence, state.Recovery);
    }

    /// <summary>May be replaced at any time; it holds from the next append on.</summary>
    public SegmentPolicy Policy { get; set; }

    /// <summary>What was found and mended at open.</summary>
    public SegmentRecovery Recovery { get; }

    /// <summary>The sequence that the next line will have.</summary>
    public long NextSequence
    {
        get { lock (gate) return nextSequence; }
    }

    /// <summary>Behind what was appended, for a reader that begins there.</summary>
    public SegmentPlace Place
    {
        get { lock (gate) return new(setId, nextSequence); }
    }

    /// <summary>Bytes of all segments of the folder.</summary>
    public long TotalBytes
    {
        get { lock (gate) return old.Length + (open?.Length ?? 0); }
    }

    /// <summary>Bytes that were appended and are not on the disk yet.</summary>
    public long UnsyncedBytes
    {
        get { lock (gate) return unsynced; }
    }

    /// <summary>Why the last sync failed; null when all is well. What was written stays written, it may not survive a power loss.</summary>
    public Problem? SyncTrouble { get; private set; }

    /// <summary>Why an old segment could not be deleted; null when all is well.</summary>
    public Problem? RetentionTrouble { get; private set; }

    /// <summary>Reads the folder (it need not exist yet: the first append makes it), mends a torn end and deletes what is too old or too much.</summary>
    public static Outcome<SegmentWriter> Open(string folder, SegmentPolicy policy, TimeProvider time) => Open(new DiskFolder(folder), policy, time);

    /// <summary>As <see cref="Open(string, SegmentPolicy, TimeProvider)"/>, for blocks that say where their lines are from. Versions before there were such leave its segments alone.</summary>
    public static Outcome<SegmentWriter> OpenWithOrigins(string folder, SegmentPolicy policy, TimeProvider time) => Open(new DiskFolder(folder), policy, time, FileHeader.WithOrigins);

    internal static Outcome<SegmentWriter> Open(ISegmentFolder folder, SegmentPolicy policy, TimeProvider time, int version = FileHeader.FirstVersion)
    {
        try
        {
            var writer = new SegmentWriter(folder, policy, time, FolderState.Recover(folder, time.GetUtcNow()), version);
            writer.Maintain();
            return writer;
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            return SegmentProblems.Open(folder.Path, e);
        }
    }

    /// <summary>Appends lines of one stream under one time. Null when they are written (not yet synced); else nothing of them is.</summary>
    /// <param name="lines">Valid UTF-8, each line ended by a newline, at most 4 MiB in all.</param>
    /// <param name="lineCount">How many newlines are in it, at least one.</param>
    /// <param name="origin">Where they are from, in a folder that was opened for such blocks; at most <see cref="BlockOrigin.Longest"/> of bytes.</param>
    public Problem? Append(StreamKind stream, BlockFlags flags, DateTimeOffset at, ReadOnlySpan<byte> lines, int lineCount, BlockOrigin? origin = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lineCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines.Length, BlockHeader.MaxPayload - (origin is null ? 0 : BlockOrigin.Longest));
        if (lines.IsEmpty || lines[^1] != (byte)'\n') throw new ArgumentException("A block is made of whole lines.", nameof(lines));
        return AppendBlock(stream, flags & ~(BlockFlags.Lost | BlockFlags.Gap), at, lines, lineCount, origin);
    }

    /// <summary>Appends that lines were lost; they get their sequence numbers here. Null when it is written.</summary>
    /// <param name="origin">As for <see cref="Append"/>.</param>
    public Problem? AppendLoss(Loss loss, DateTimeOffset at, BlockOrigin? origin = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfLessThan(loss.Lines, 1);
        return AppendBlock(StreamKind.Holdfast, BlockFlags.Lost, at, loss.ToPayload(), loss.Lines, origin);
    }

    /// <summary>Puts everything that was appended on the disk. It may take long; appends by other threads go on meanwhile.</summary>
    public Problem? Sync()
    {
        OpenSegment? segment;
        bool names;
        lock (gate)
        {
            if (unsynced == 0 || open is null) return SyncTrouble;
            segment = open;
            names = folderUnsynced;
            unsynced = 0;
            folderUnsynced = false;
        }

        return SyncNow(segment, names);
    }

    /// <summary>How long until a sync is due; null when nothing waits for one.</summary>
    public TimeSpan? SyncDueAfter
    {
        get
        {
            lock (gate)
            {
                if (unsynced == 0) return null;
                var left = Policy.SyncAfter - time.GetElapsedTime(unsyncedSince);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Closes a segment that has become too old though nothing was written, and deletes what has become too old. Call it now and then.</summary>
    public void Maintain()
    {
        lock (gate)
        {
            if (disposed) return;
            var now = time.GetUtcNow();
            if (open is { IsEmpty: false } && now - open.Began >= Policy.RotateAge) TryBeginNext();

            RetentionTrouble = old.Retire(Policy, open?.Length, now);
        }
    }

    /// <summary>Syncs and closes. What is on the disk is complete.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            if (open is not null) CloseSegment();
        }
    }

    private Problem? AppendBlock(StreamKind stream, BlockFlags flags, DateTimeOffset at, ReadOnlySpan<byte> payload, long lineCount, BlockOrigin? origin)
    {
        if (origin is not null && version < FileHeader.WithOrigins) throw new ArgumentException("The folder was not opened for blocks that say where they are from.", nameof(origin));
        var from = origin is null ? [] : origin.ToBytes();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from.Length, BlockOrigin.Longest);
        var header = new BlockHeader(from.Length + payload.Length, stream, flags, 0, UnixTime.ToNanoseconds(at), lineCount, from.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(header.BlockLength);
        var block = buffer.AsSpan(0, header.BlockLength);
        from.CopyTo(block[BlockHeader.Size..]);
        payload.CopyTo(block[(BlockHeader.Size + from.Length)..]);
        try
        {
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                (header with { Sequence = nextSequence }).Write(block);
                Prepare(block.Length);
                open!.Append(block, time.GetUtcNow());
                nextSequence += lineCount;
                if (unsynced == 0) unsyncedSince = time.GetTimestamp();
                unsynced += block.Length;
                if (unsynced >= Policy.SyncBytes) SyncLocked();
            }
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            return SegmentProblems.Write(folder.Path, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return null;
    }

    /// <summary>An open segment that has room for a block. Regression: winsw#894, where rolling by size and by time together does neither.</summary>
    private void Prepare(int blockLength)
    {
        if (open is { IsEmpty: false }
            && (open.Length + blockLength > Policy.RotateBytes || time.GetUtcNow() - open.Began >= Policy.RotateAge))
        {
            // A block that was reported as lost may stand whole at the end: closed in, it would turn up after all.
            open.CutBack();
            CloseSegment();
        }

        if (open is not null) return;
        Begin();
        RetentionTrouble = old.Retire(Policy, open!.Length + blockLength, time.GetUtcNow());
    }

    /// <summary>A segment that has become old without a new line: the next one is there before it goes, since names keep the numbering.</summary>
    private void TryBeginNext()
    {
        try
        {
            open!.CutBack();
            CloseSegment();
            Begin();
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            // The next append begins one, or says why it cannot.
        }
    }

    private void Begin()
    {
        var now = time.GetUtcNow();
        var name = SegmentName.Of(nextSequence);
        var segment = new OpenSegment(folder.Create(name), name, 0, now);
        try
        {
            Span<byte> header = stackalloc byte[FileHeader.Size];
            new FileHeader(version, setId, nextSequence, UnixTime.ToNanoseconds(now)).Write(header);
            segment.Append(header);
        }
        catch
        {
            segment.Dispose();
            throw;
        }

        open = segment;
        folderUnsynced = true;
    }

    private void CloseSegment()
    {
        SyncLocked();
        // An empty one will be created anew under the same name: it must not wait for its deletion among the old ones.
        if (!open!.IsEmpty) old.Add(open.Name, open.Length, open.LastAppend);
        open.Dispose();
        open = null;
    }

    private void SyncLocked()
    {
        if (unsynced == 0) return;
        unsynced = 0;
        var names = folderUnsynced;
        folderUnsynced = false;
        SyncNow(open!, names);
    }

    private Problem? SyncNow(OpenSegment segment, bool names)
    {
        try
        {
            segment.Sync();
            if (names) folder.Sync();
            return SyncTrouble = null;
        }
        catch (ObjectDisposedException)
        {
            // It was closed meanwhile, and is synced before that.
            return SyncTrouble;
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            if (names) lock (gate) folderUnsynced = true;
            return SyncTrouble = SegmentProblems.Sync(folder.Path, e);
        }
    }
}
