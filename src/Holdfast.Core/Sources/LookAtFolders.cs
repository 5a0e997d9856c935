namespace Holdfast.Core.Sources;

/// <summary>One look of <see cref="FollowMachine"/>.</summary>
internal sealed class LookAtFolders
{
    private readonly FollowState before;
    private readonly bool isWhole;
    private readonly Func<SeenFile, long, string?> proof;
    private readonly TimeSpan now;
    private readonly Dictionary<FileIdentity, SeenFile> seen = [];
    private readonly Dictionary<FileIdentity, FollowedFile> files = [];
    private readonly List<(FollowedFile File, string Why)> replaced = [];
    private readonly List<FileLoss> lost = [];
    private readonly List<WaitingFile> waiting = [];
    private bool hasChanged;
    private int notFollowed;

    public LookAtFolders(FollowState before, FolderLook folders, Func<SeenFile, long, string?> proof, TimeSpan now)
    {
        (this.before, isWhole, this.proof, this.now) = (before, folders.IsWhole, proof, now);
        // A second name of the same file is no second file.
        foreach (var one in folders.Files.OrderByDescending(one => one.Kind)) seen.TryAdd(one.Identity, one);
        hasChanged = !before.HasLooked;
    }

    /// <summary>Whether a file that is followed is still what it was.</summary>
    public void Judge(FollowedFile file, bool isOpen)
    {
        if (!seen.TryGetValue(file.Identity, out var shown))
        {
            // No other file can have the identity of one that is open: it is read to its end, wherever it is.
            if (isOpen || !isWhole) Follow(file with { IsGone = isOpen && isWhole });
            else if (!IsLate(file)) Follow(Missed(file));
            else replaced.Add((file, "is gone"));
            return;
        }

        // Nothing of it was read: it may be the beginning of a copy, as any new one.
        if (file.Offset == 0 && shown.Kind != FileKind.Other) return;
        // What cannot be looked into now is not another one for that.
        if (shown.Length >= file.Offset && (proof(shown, file.Offset) ?? file.Proof) == file.Proof) Follow(Now(file, shown));
        else replaced.Add((file, shown.Length < file.Offset ? "was emptied" : "was written anew"));
    }

    /// <summary>What was in a file that was emptied or is gone may stand in a copy: it is read on from there.</summary>
    public void FindTheReplaced()
    {
        foreach (var (file, why) in replaced)
        {
            var candidates = file.Offset == 0 ? [] : seen.Values.Where(one => one.Length >= file.Offset && !files.ContainsKey(one.Identity)).Select(one => (File: one, Proof: proof(one, file.Offset))).ToList();
            var copy = candidates.Find(one => one.Proof == file.Proof).File;
            // A name that changed since it was seen leads to another file: it may be the copy, and the next look decides.
            if (copy is null && candidates.Exists(one => one.Proof is null) && !IsLate(file))
            {
                Follow(Missed(file));
                continue;
            }

            hasChanged = true;
            if (copy is not null) Follow(Now(file with { Identity = copy.Identity }, copy));
            SettleCopies(file);
            if (copy is null && file.HasMore) lost.Add(new(file, file.Known - file.Offset, $"{file.Path} {why} before it was read to its end: one line, or more"));
        }
    }

    /// <summary>A copy that was complete before the last of it was read at its original: there is nothing in it that was not read.</summary>
    private void SettleCopies(FollowedFile original)
    {
        foreach (var waited in before.Waiting.Where(one => one.Original == original.Identity && !files.ContainsKey(one.Identity)))
        {
            if (!seen.TryGetValue(waited.Identity, out var one) || one.Length > original.Offset || one.Length != waited.Length) continue;
            if (proof(one, one.Length) is { } all) Follow(Now(new(one.Identity, one.Path, one.Length, all), one));
        }
    }

    public void TakeUpTheNew()
    {
        var read = files.Keys.Count(identity => seen.TryGetValue(identity, out var shown) && shown.Kind == FileKind.Wanted);
        // One that is missed and cannot be looked into may be the original of what is new: soon it is seen again, or gone.
        var isInDoubt = files.Values.Any(file => file.MissingSince is not null && (file.Kind == FileKind.Wanted || seen.ContainsKey(file.Identity)));
        foreach (var one in seen.Values.Where(one => one.Kind != FileKind.Other && !files.ContainsKey(one.Identity)).OrderByDescending(one => one.Kind).ThenBy(one => one.Path, StringComparer.Ordinal))
        {
            var was = Before(one.Identity);
            // What rotation had made before anybody looked: nobody asked for its lines.
            var isPast = one.Kind == FileKind.Rotated && !before.HasLooked;
            if (!isPast && OriginalOf(one) is { } original)
            {
                if (Waits(one, original.Identity)) continue;
                // Its lines are read where it is from. One whose name is asked for is read for itself, and one that is longer is no copy.
                isPast = one.Kind == FileKind.Rotated && one.Length <= original.Length;
            }

            if (was is not { Offset: > 0 } && one.Length > 0 && isInDoubt) continue;

            if (one.Kind == FileKind.Wanted && read++ >= FollowMachine.MostFiles)
            {
                notFollowed++;
                continue;
            }

            var begin = isPast ? one.Length : 0;
            // It cannot be read now: the next look tries again.
            if (proof(one, begin) is not { } upTo) continue;
            hasChanged |= was is null || begin > 0;
            Follow(Now(new(one.Identity, one.Path, begin, upTo), one));
        }
    }

    public FollowStep End() => new(new() { HasLooked = before.HasLooked || isWhole, Files = [.. files.Values], Waiting = waiting }, lost, hasChanged, notFollowed);

    /// <summary>What it was at the last look; null: it was not there, or another file had its identity.</summary>
    private FollowedFile? Before(FileIdentity identity) => replaced.Exists(one => one.File.Identity == identity) ? null : before.Find(identity);

    private FollowedFile Missed(FollowedFile file) => file with { MissingSince = file.MissingSince ?? now, Missed = file.Missed + 1 };

    /// <summary>It has been waited for often and long enough.</summary>
    private bool IsLate(FollowedFile file) => file.MissingSince is { } since && now - since >= FollowMachine.GoneAfter && file.Missed >= FollowMachine.GoneLooks;

    private void Follow(FollowedFile file) => files[file.Identity] = file;

    private static FollowedFile Now(FollowedFile file, SeenFile shown) =>
        file with { Path = shown.Path, Known = Math.Max(shown.Readable ?? shown.Length, file.Offset), IsGone = false, MissingSince = null, Missed = 0, Kind = shown.Kind, Encoding = shown.Kind == FileKind.Other ? file.Encoding : shown.Encoding };

    /// <summary>A file that is read, that nobody has renamed, and that has all that this one has, as far as both go: so begins every rotation by copying and emptying.</summary>
    private SeenFile? OriginalOf(SeenFile one)
    {
        foreach (var file in files.Values)
        {
            // One that was missed by this look may be held open, and then still be looked into.
            var original = seen.GetValueOrDefault(file.Identity) ?? new(file.Identity, file.Path, file.Known, FileKind.Wanted, Stamp: -1);
            if (original.Kind == FileKind.Wanted && (Before(file.Identity) is not { Offset: > 0 } was || was.Path == original.Path) && IsCopy(one, original, file)) return original;
        }

        return null;
    }

    private bool IsCopy(SeenFile one, SeenFile original, FollowedFile file)
    {
        var common = Math.Min(one.Length, original.Length);
        if (common == 0) return false;
        if (proof(original, common) is { } theirs) return proof(one, common) == theirs;
        // Nobody can look into it now: what was read of it, or known of the copy before, must do.
        return (file.Offset > 0 && one.Length >= file.Offset && proof(one, file.Offset) == file.Proof)
            || before.Waiting.Any(waited => waited.Identity == one.Identity && waited.Original == file.Identity);
    }

    /// <summary>Whether it may still be in the making, and its original about to be emptied.</summary>
    private bool Waits(SeenFile one, FileIdentity original)
    {
        var was = before.Waiting.FirstOrDefault(file => file.Identity == one.Identity);
        var present = was is null ? new WaitingFile(one.Identity, original, one.Length, now, now) : was with { Original = original, Length = one.Length, Grew = one.Length > was.Length ? now : was.Grew };
        if (now - present.Grew >= FollowMachine.CopyWait || now - present.Since >= FollowMachine.LongestCopy) return false;
        waiting.Add(present);
        hasChanged |= was is null;
        return true;
    }
}
