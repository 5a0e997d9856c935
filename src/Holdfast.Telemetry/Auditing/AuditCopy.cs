using System.Buffers;
using System.Globalization;
using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// Copies the entries of an audit log into the segments of a stream, as they are and each once. How far it is stands in the blocks themselves, in one write with the entries: whoever goes on
/// after any end goes on behind the last one that is there.
/// </summary>
/// <remarks>Not for several threads.</remarks>
public sealed class AuditCopy : IDisposable
{
    /// <summary>Of entries in a block, in bytes, unless a single one has more.</summary>
    private const int Enough = 64 << 10;

    /// <summary>In one turn, in blocks: who ends it does not wait for a whole log.</summary>
    private const int MostBlocks = 64;

    private readonly string folder;
    private readonly SegmentWriter writer;
    private readonly AuditFollower follower;
    private readonly TimeProvider time;
    private readonly ArrayBufferWriter<byte> lines = new(Enough);
    private AuditHead copied;
    private FollowedPlace copiedPlace;
    private AuditHead waiting;
    private long first;
    private int count;

    private AuditCopy(string log, string folder, SegmentWriter writer, AuditHead? copied, TimeProvider time)
    {
        (this.folder, this.writer, this.time) = (folder, writer, time);
        follower = new(log);
        (HasBegun, this.copied, waiting) = (copied is not null, copied ?? AuditHead.Origin, copied ?? AuditHead.Origin);
    }

    /// <summary>Whether anything was ever copied.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The last entry that is copied.</summary>
    public AuditHead Copied => copied;

    /// <summary>Finds how far the one before was, however it ended. Problems: <c>segments.*</c>, <c>audit.not-copied</c>.</summary>
    /// <param name="log">The folder of the audit log.</param>
    /// <param name="folder">Of the stream's segments. It is there.</param>
    /// <param name="policy">Of the segments, but for their age: the newest says how far the copy is, and stays until there is a newer one.</param>
    /// <param name="time">For the segments.</param>
    public static Outcome<AuditCopy> Open(string log, string folder, SegmentPolicy policy, TimeProvider time)
    {
        try
        {
            // Before anything in it is deleted because it is old.
            var last = LastOf(folder, time);
            return SegmentWriter.OpenWithOrigins(folder, policy with { RotateAge = TimeSpan.MaxValue }, time).Then<AuditCopy>(writer => new AuditCopy(log, folder, writer, last, time));
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            return AuditProblem.NotCopied(e);
        }
    }

    /// <summary>Begins behind an entry, and not with the oldest that is there; where something was copied before, it goes on there.</summary>
    public Problem? BeginBehind(AuditHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return HasBegun || head.Sequence == 0 ? null : Note(head, $"the entries of the audit log up to {head.Sequence} are not copied: every sink began with what came");
    }

    /// <summary>Copies what is new.</summary>
    /// <param name="head">The end of the log: what stands behind it is not on the disk yet.</param>
    /// <param name="hasMore">There is more, for another turn.</param>
    public Problem? Turn(AuditHead head, out bool hasMore)
    {
        ArgumentNullException.ThrowIfNull(head);
        hasMore = false;
        if (head == copied) return null;
        try
        {
            var trouble = AuditCopying.IsExchanged(copied, head) ? FindAgain(head) : null;
            trouble ??= CopyUpTo(head, out hasMore);
            return trouble ?? writer.Sync();
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            return AuditProblem.NotCopied(e);
        }
        finally
        {
            // What could not be written is read again.
            Forget();
        }
    }

    /// <summary>Deletes what has become too old. Call it now and then.</summary>
    public void Maintain() => writer.Maintain();

    public void Dispose() => writer.Dispose();

    private Problem? CopyUpTo(AuditHead head, out bool hasMore)
    {
        hasMore = false;
        var blocks = 0;
        foreach (var (entry, line) in follower.Read(copied.Sequence, head.Sequence))
        {
            var step = AuditCopying.Step(waiting, entry);
            if (step == CopyStep.Known) continue;
            if (step != CopyStep.Copy && Flush() is { } failed) return failed;
            if (step == CopyStep.Missing && Lose(entry) is { } untold) return untold;
            if (step == CopyStep.Exchanged)
            {
                hasMore = true;
                return FindAgain(head);
            }

            Add(entry, line.Span);
            if (lines.WrittenCount < Enough) continue;
            if (Flush() is { } unwritten) return unwritten;
            if (++blocks < MostBlocks) continue;
            hasMore = true;
            return null;
        }

        return Flush();
    }

    private void Add(AuditEntry entry, ReadOnlySpan<byte> line)
    {
        if (count == 0) first = entry.Sequence;
        lines.Write(line);
        count++;
        waiting = entry.Head;
    }

    private Problem? Flush()
    {
        if (count == 0) return null;
        if (writer.Append(StreamKind.Audit, BlockFlags.None, time.GetUtcNow(), lines.WrittenSpan, count, Origin(first, waiting)) is { } trouble) return trouble;
        Keep(waiting);
        copiedPlace = follower.Place;
        lines.ResetWrittenCount();
        count = 0;
        return null;
    }

    private Problem? Lose(AuditEntry next)
    {
        var before = AuditCopying.Before(next);
        var loss = new Loss(StreamKind.Audit, before.Sequence - copied.Sequence, 0, "they were retired before they were copied, or cannot be read any more");
        if (writer.AppendLoss(loss, time.GetUtcNow(), Origin(copied.Sequence + 1, before)) is { } trouble) return trouble;
        Keep(before);
        return null;
    }

    /// <summary>
    /// The log is another one than was copied from. Of its entries those are copied that stand in the stream: a hash is of an entry and of all before it, so behind the last of them all are new.
    /// </summary>
    private Problem? FindAgain(AuditHead head)
    {
        // Whatever stands there now is not what was read.
        copiedPlace = default;
        var known = KnownHashes();
        var (found, next) = (AuditHead.Origin, default(AuditEntry));
        foreach (var (entry, _) in follower.Read(0, head.Sequence))
        {
            if (known.Contains(Short(entry.Hash))) (found, next) = (entry.Head, null);
            else next ??= entry;
        }

        var at = next is null ? found : AuditCopying.Before(next);
        return Note(at, $"the audit log does not go on behind entry {copied.Sequence}, which was the last one: it was set back, or is another one. What follows are its entries behind {at.Sequence}");
    }

    /// <summary>Half of each is enough to know an entry again.</summary>
    private HashSet<UInt128> KnownHashes()
    {
        HashSet<UInt128> known = [];
        using var reader = SegmentReader.Open(folder, SegmentStart.Beginning, time);
        while (reader.TryRead(out var block))
        {
            if (block.Stream != StreamKind.Audit) continue;
            foreach (var line in block.Split())
            {
                if (AuditLine.Parse([.. line.Text.Span, (byte)'\n'], out _) is { } entry) known.Add(Short(entry.Hash));
            }
        }

        return known;
    }

    private static UInt128 Short(string hash) => UInt128.Parse(hash.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>For who reads the stream, and where copying goes on.</summary>
    private Problem? Note(AuditHead at, string text)
    {
        if (writer.Append(StreamKind.Holdfast, BlockFlags.None, time.GetUtcNow(), Encoding.UTF8.GetBytes(text + "\n"), 1, Origin(at.Sequence, at)) is { } trouble) return trouble;
        Keep(at);
        return null;
    }

    private void Keep(AuditHead at) => (copied, waiting, HasBegun) = (at, at, true);

    private void Forget()
    {
        lines.ResetWrittenCount();
        (count, waiting, follower.Place) = (0, copied, copiedPlace);
    }

    private static BlockOrigin Origin(long first, AuditHead last) => new("", first, last.Sequence, last.Hash);

    /// <summary>Null: nothing was copied yet.</summary>
    private static AuditHead? LastOf(string folder, TimeProvider time)
    {
        // Where the last block is damaged, the one before it says how far that was: an entry may come again, and none is missing.
        foreach (var start in (ReadOnlySpan<SegmentStart>)[SegmentStart.Tail(1), SegmentStart.Beginning])
        {
            AuditHead? last = null;
            using var reader = SegmentReader.Open(folder, start, time);
            while (reader.TryRead(out var block))
            {
                if (block.Origin is { State.Length: 64 } origin) last = new(origin.End, origin.State);
            }

            if (last is not null) return last;
        }

        return null;
    }

    private static bool IsOfDisk(Exception e) => e is IOException or UnauthorizedAccessException;
}
