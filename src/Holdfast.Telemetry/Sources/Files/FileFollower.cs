using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Sources;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>
/// Brings the lines that an instance writes into its own files into segments: each once, over rotation of any kind, a kill of the agent at any moment, and deletion as long as it was seen.
/// While the segments cannot be written the lines wait where they are, in the files.
/// </summary>
/// <remarks>Not safe for several threads, but for its status.</remarks>
public sealed class FileFollower : IDisposable
{
    private readonly ISourceFiles files;
    private readonly TimeProvider time;
    private readonly OpenFiles open;
    private readonly FollowStore store;
    private readonly Dictionary<FileIdentity, (long Length, long At)> growth = [];
    private readonly long begun;
    private FileReading reading;
    private FollowState state = FollowState.Begin;
    private IReadOnlyDictionary<FileIdentity, SeenFile> shown = new Dictionary<FileIdentity, SeenFile>();
    private long bytes;
    private long grown;

    /// <param name="folder">Of its segments; made when there is something to keep.</param>
    /// <param name="settings">Of the instance.</param>
    /// <param name="files">Where its files are.</param>
    /// <param name="time">For pauses and times.</param>
    /// <param name="keys">For segments that are encrypted; null: there are none.</param>
    public FileFollower(string folder, FollowSettings settings, ISourceFiles files, TimeProvider time, SegmentKeys? keys = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        (this.files, this.time) = (files, time);
        (open, store, reading) = (new(files), new(folder, settings.Policy, keys, time), new(settings.Rules));
        begun = grown = time.GetTimestamp();
    }

    /// <summary>From any thread.</summary>
    public FollowStatus Status { get; private set; } = FollowStatus.Nothing;

    /// <summary>How long nothing has to be done if nobody says that something has changed.</summary>
    public TimeSpan Rest => time.GetElapsedTime(grown) < FollowLimits.IdleAfter ? FollowLimits.LookWhileBusy : FollowLimits.LookWhileIdle;

    /// <summary>Another spec, or other secrets: they hold for what is read from now on.</summary>
    public void Use(FollowSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        reading = new(settings.Rules);
        store.Use(settings.Policy);
    }

    /// <summary>Looks at the folders and reads a piece of each file that has something new.</summary>
    /// <returns>There is more to be read at once.</returns>
    public bool Turn()
    {
        open.Troubles.Clear();
        var troubles = new List<string>();
        var more = false;
        try
        {
            more = store.Open(ref state) is { } closed ? Told(troubles, closed) : LookAndRead(troubles);
            if (store.KeepUp(state) is { } failed) Told(troubles, failed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing was passed: the next turn begins where this one did.
            troubles.Add(e.Message);
        }

        troubles.AddRange(open.Troubles);
        store.Tell(troubles);
        Status = new(state.Files.Count, bytes, state.Files.Sum(file => file.Known - file.Offset), troubles);
        return more;
    }

    /// <summary>What was read is on the disk, and written down.</summary>
    public void Dispose()
    {
        store.Close(state);
        open.Dispose();
    }

    private bool LookAndRead(List<string> troubles)
    {
        var look = files.Look();
        troubles.AddRange(look.Troubles);
        var step = FollowMachine.Look(state, look.Folders, open.Proof, open.IsHeld, time.GetElapsedTime(begun));
        if (step.NotFollowed > 0) troubles.Add($"{step.NotFollowed} files are not read: {FollowMachine.MostFiles} are read of one instance at most");
        if (store.Take(step) is { } failed) return Told(troubles, failed);
        state = step.State;
        shown = look.Folders.Files.GroupBy(file => file.Identity).ToDictionary(same => same.Key, same => same.MaxBy(file => file.Kind)!);
        open.Keep(state.Files.Select(file => file.Identity).Concat(shown.Keys.Where(identity => !open.IsHeld(identity))));
        var more = false;
        // What was written first is told first: what rotation has put aside is of before.
        foreach (var file in state.Files.OrderBy(file => IsWanted(file.Identity)).ThenBy(file => file.Path, StringComparer.Ordinal).ToList()) more |= Read(file, troubles);
        return more;
    }

    private bool IsWanted(FileIdentity identity) => shown.TryGetValue(identity, out var seen) && seen.Kind == FileKind.Wanted;

    /// <returns>There is more of it to be read at once.</returns>
    private bool Read(FollowedFile file, List<string> troubles)
    {
        if (Hold(file) is not { } from) return false;
        if (file.IsGone && from.Length > file.Known) file = file with { Known = from.Length };
        var silent = SilentFor(file);
        for (var left = FollowLimits.TurnBytes; file.HasMore; )
        {
            if (left <= 0) return true;
            var block = reading.Next(file, from, silent >= FollowLimits.Pause);
            if (block.Bytes == 0) break;
            if (block.Lines.Length > 0 && store.Append(block, file, reading.After) is { } failed) return Told(troubles, failed);
            file = reading.After;
            state = state.With(file);
            if (shown.TryGetValue(file.Identity, out var seen)) open.Proven(seen, file.Offset, file.Proof);
            (left, bytes) = (left - block.Bytes, bytes + block.Bytes);
        }

        // Its room on the disk, or its name, is not free before it is let go of.
        if (from.IsDeletePending || (file.IsGone && silent >= FollowLimits.HoldDeleted) || (!file.HasMore && silent >= FollowLimits.HoldDeleted && !IsWanted(file.Identity))) open.Release(file.Identity);
        return false;
    }

    /// <summary>Files whose names are asked for are held open; others while there is something to read.</summary>
    private ISourceFile? Hold(FollowedFile file)
    {
        if (open.Find(file.Identity) is { } held) return held;
        return shown.TryGetValue(file.Identity, out var seen) && (file.HasMore || seen.Kind == FileKind.Wanted) ? open.Hold(seen) : null;
    }

    private TimeSpan SilentFor(FollowedFile file)
    {
        var now = time.GetTimestamp();
        if (!growth.TryGetValue(file.Identity, out var last) || last.Length != file.Known)
        {
            growth[file.Identity] = last = (file.Known, now);
            if (file.HasMore) grown = now;
            if (growth.Count > 2 * state.Files.Count + 16) foreach (var gone in growth.Keys.Where(identity => state.Find(identity) is null).ToList()) growth.Remove(gone);
        }

        return time.GetElapsedTime(last.At, now);
    }

    private static bool Told(List<string> troubles, Problem problem)
    {
        troubles.Add(problem.What);
        return false;
    }
}
