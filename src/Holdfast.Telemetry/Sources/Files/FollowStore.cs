using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Sources;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>What a follower keeps: the lines in segments, each block with the place behind it, and now and then a checkpoint.</summary>
internal sealed class FollowStore(string folder, SegmentPolicy policy, SegmentKeys? keys, TimeProvider time)
{
    private const int LargestBlock = (4 << 20) - BlockOrigin.Longest;

    private readonly FollowCheckpoint checkpoint = new(folder);
    private SegmentWriter? writer;
    private FollowState? kept;
    private long keptAt, maintainedAt;
    private string told = "";

    public void Use(SegmentPolicy changed)
    {
        policy = changed;
        if (writer is not null) writer.Policy = changed;
    }

    /// <summary>The state as the last one who followed left it, however he ended; once.</summary>
    public Problem? Open(ref FollowState state)
    {
        if (writer is not null) return null;
        if (!Directory.Exists(folder)) Directory.CreateDirectory(folder);
        var opened = SegmentWriter.OpenWithOrigins(folder, policy, time);
        if (!opened.TryGet(out var made)) return opened.Problems[0];
        try
        {
            var document = checkpoint.Read();
            state = document is null ? FollowState.Begin : new() { HasLooked = true, Files = [.. document.Files.Select(file => file with { MissingSince = null, Missed = 0 })], Waiting = [.. document.Waiting.Select(file => file with { Since = default, Grew = default })] };
            using var reader = SegmentReader.Open(folder, document is null ? SegmentStart.Beginning : SegmentStart.Behind(new(document.Set, document.Next)), time, keys);
            while (reader.TryRead(out var block))
            {
                if (block.Origin is { } origin && FollowedFile.Parse(origin.Path, origin.End, origin.State, (block.Flags & BlockFlags.Unfinished) != 0) is { } written) state = state.After(written);
            }
        }
        catch
        {
            made.Dispose();
            throw;
        }

        foreach (var found in made.Recovery.Problems) Note(made, found.What);
        writer = made;
        return null;
    }

    /// <summary>What a look came to is told and written down before anything is read by it.</summary>
    public Problem? Take(FollowStep step)
    {
        foreach (var loss in step.Lost)
        {
            var origin = new BlockOrigin(loss.File.Path, loss.File.Offset, loss.File.Known, loss.File.State());
            if (writer!.AppendLoss(new(StreamKind.File, 1, loss.Bytes, loss.Reason), time.GetUtcNow(), origin) is { } failed) return failed;
        }

        return step.HasChanged ? Write(step.State) : null;
    }

    /// <summary>Null: the lines and the place behind them are written, as one.</summary>
    public Problem? Append(FileBlock block, FollowedFile before, FollowedFile after)
    {
        var origin = new BlockOrigin(after.Path, before.Offset, after.Offset, after.State());
        if (block.Lines.Length <= LargestBlock) return writer!.Append(StreamKind.File, block.Flags, time.GetUtcNow(), block.Lines, block.Count, origin);
        return writer!.AppendLoss(new(StreamKind.File, block.Count, block.Bytes, $"redaction made {block.Count} lines longer than a segment can hold"), time.GetUtcNow(), origin);
    }

    /// <summary>Syncs, writes down and retires what it is time for.</summary>
    public Problem? KeepUp(FollowState state)
    {
        if (writer is null) return null;
        if (maintainedAt == 0 || time.GetElapsedTime(maintainedAt) >= FollowLimits.MaintainEvery)
        {
            writer.Maintain();
            maintainedAt = time.GetTimestamp();
        }

        if (writer.SyncDueAfter == TimeSpan.Zero && writer.Sync() is { } unsynced) return unsynced;
        return !ReferenceEquals(kept, state) && HasMoved(state) && time.GetElapsedTime(keptAt) >= FollowLimits.CheckpointEvery ? Write(state) : null;
    }

    /// <summary>A trouble is told among the lines too, once: their reader would take silence for health.</summary>
    public void Tell(List<string> troubles)
    {
        var now = string.Join("; ", troubles);
        if (now == told || writer is null) return;
        told = now;
        if (now.Length > 0) Note(writer, $"files are not all read: {now}");
    }

    public void Close(FollowState state)
    {
        if (writer is null) return;
        try
        {
            if (HasMoved(state)) Write(state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The segments say the same: the next one looks through more of them.
        }

        writer.Dispose();
        writer = null;
    }

    private bool HasMoved(FollowState state) => kept is null || kept.Files.Count != state.Files.Count || kept.Files.Zip(state.Files).Any(pair => pair.First != pair.Second);

    private Problem? Write(FollowState state)
    {
        // A place that outlives a power cut must not be behind lines that do not.
        if (writer!.Sync() is { } unsynced) return unsynced;
        var place = writer.Place;
        checkpoint.Write(new(place.Set, place.Next) { Files = state.Files, Waiting = state.Waiting });
        (kept, keptAt) = (state, time.GetTimestamp());
        return null;
    }

    private void Note(SegmentWriter to, string text) => to.Append(StreamKind.Holdfast, BlockFlags.None, time.GetUtcNow(), Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" ") + "\n"), 1);
}
