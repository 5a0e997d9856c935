using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// The node's record of changes: append-only, hash-chained, and the leaves of a tree whose roots are signed. An entry that
/// <see cref="Append"/> has answered is on disk, so a change recorded first can never be without its record; where the record cannot be
/// written, the change must be refused.
/// One process writes a log (the agent, under its lock); any number read it.
/// </summary>
public sealed partial class AuditLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly string folder;
    private readonly AuditOptions options;
    private readonly TimeProvider time;
    private readonly AuditHeadFile headFile;
    private readonly Queue<AuditRecord> owed = new();
    private readonly EntryWriter writer = new();
    private readonly WaitingRecords waiting;
    private readonly ITimer signing;
    private AuditTail? tail;
    private AuditTree? tree;
    private bool isSigningDue;
    private long holdsSet;
    private AuditHead head;
    private bool closed;

    private AuditLog(string folder, AuditOptions options, TimeProvider time, AuditHeadFile headFile, AuditRecovery found)
    {
        this.folder = folder;
        this.options = options;
        this.time = time;
        this.headFile = headFile;
        head = found.Head;
        tail = found.Tail;
        waiting = new(WriteTogether);
        signing = time.CreateTimer(_ => SignInTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where the chain has got to. Keep it elsewhere as well to notice if the log is cut or rewritten.</summary>
    public AuditHead Head
    {
        get
        {
            lock (gate)
                return head;
        }
    }

    /// <summary>Entries that no checkpoint signs yet: few, unless checkpoints cannot be written.</summary>
    public long Unsigned
    {
        get
        {
            lock (gate)
                return tree is null ? 0 : tree.Size - Math.Max(0, tree.Signed);
        }
    }

    /// <summary>What its checkpoints are checked with; null: nothing is signed.</summary>
    public NoteKey? Key => options.Signer?.Key;

    /// <summary>Whether the log in a folder has signed something: then a key that is missing was lost.</summary>
    public static bool HasSigned(string folder) => File.Exists(Path.Combine(folder, AuditCheckpointFile.Name));

    /// <summary>
    /// Opens the log, or begins one in an empty or missing folder. What a crash had torn is cut off, and an entry says so.
    /// Problems: <c>audit.damaged</c>, <c>audit.not-read</c>, <c>audit.not-written</c>, <c>audit.retention-too-short</c>.
    /// A full disk is not one of them: an open log can be read, and refuses to append until there is space.
    /// </summary>
    public static Outcome<AuditLog> Open(string folder, AuditOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Retention < AuditRetirement.Shortest)
            return AuditProblem.RetentionTooShort(options.Retention);
        try
        {
            var recovery = AuditRecovery.Run(folder, options.SyncFolder);
            if (!recovery.TryGet(out var found))
                return Outcome.Failed<AuditLog>(recovery.Problems);
            var log = new AuditLog(folder, options, time, AuditHeadFile.Open(folder), found);
            if (found.Torn is { } torn)
                log.owed.Enqueue(OwnRecords.Recovered(torn));
            var paid = log.PayOwed();
            if (paid.IsOk || paid.Problems[0].Kind != ProblemKind.Damaged)
                return log;
            log.Close();
            return Outcome.Failed<AuditLog>(paid.Problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AuditProblem.NotRead(folder, e);
        }
    }

    /// <summary>
    /// Writes the next entry; it is on disk when this returns. Those that come while others are being written are written together, with one sync for all.
    /// Problems: <c>audit.not-written</c>: nothing was recorded, refuse the change.
    /// </summary>
    public Outcome<AuditEntry> Append(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return waiting.Write(options.Redacted(record));
    }

    /// <summary>
    /// Lets whole files go whose last entry is older than the retention, oldest first, each after an entry that says so; none while there is a
    /// hold. The answer names the files that are gone.
    /// </summary>
    public Outcome<IReadOnlyList<string>> Retire()
    {
        var before = Interlocked.Read(ref holdsSet);
        // Where nothing is old enough, and that is nearly always, nobody looks for holds.
        var staying = Guarded(() => AuditFile.List(folder) is [var oldest, _, ..] && AuditReader.Last(oldest) is { } last && IsDue(last)
            ? Holds().Then(holds => Outcome.Of(holds.Count > 0))
            : Outcome.Of(true));
        if (!staying.TryGet(out var stay) || stay)
            return staying.IsOk ? Outcome.Of<IReadOnlyList<string>>([]) : Outcome.Failed<IReadOnlyList<string>>(staying.Problems);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            // One that was set while the entries were looked through is in force: the next time sees it.
            return before == Interlocked.Read(ref holdsSet) ? Guarded(RetireFiles) : Outcome.Of<IReadOnlyList<string>>([]);
        }
    }

    /// <summary>The holds in force, from the first set to the last. Problems: <c>audit.not-read</c>.</summary>
    public Outcome<IReadOnlyList<AuditHold>> Holds()
    {
        try
        {
            return Outcome.Of(AuditHolding.Read(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AuditProblem.NotRead(folder, e);
        }
    }

    /// <summary>
    /// From now on no entry is retired, until it is released. Problems: <c>audit.hold-name</c>, <c>audit.hold-set</c>, and those of <see cref="Append"/>.
    /// </summary>
    /// <param name="origin">From where it is asked for, as details; null: it is not known.</param>
    public Outcome<AuditEntry> Hold(string name, string actor, string reason, IReadOnlyDictionary<string, string>? origin = null) => !AuditHold.IsName(name) ? AuditProblem.HoldName(name) : Holds().Then(holds =>
    {
        if (holds.Any(hold => hold.Name == name))
            return AuditProblem.HoldIsSet(name);
        Interlocked.Increment(ref holdsSet);
        return Append(With(AuditHold.Set(name, actor, reason, Guid.NewGuid().ToString("n")), origin));
    });

    /// <summary>Ends a hold. Problems: <c>audit.no-such-hold</c>, and those of <see cref="Append"/>.</summary>
    public Outcome<AuditEntry> Release(string name, string actor, string reason, IReadOnlyDictionary<string, string>? origin = null) => Holds().Then(holds =>
        holds.Any(hold => hold.Name == name) ? Append(With(AuditHold.Release(name, actor, reason, Guid.NewGuid().ToString("n")), origin)) : AuditProblem.NoSuchHold(name, holds));

    /// <summary>
    /// All files as they are at this moment, to be read while the log goes on: what is appended later is not seen, what is retired
    /// later still is. Problems: <c>audit.not-read</c>, <c>audit.not-written</c>.
    /// </summary>
    public Outcome<AuditSnapshot> Freeze()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() =>
            {
                tree!.Pay();
                return AuditSnapshot.Open(folder, head, tail?.Length, tree.Length);
            }));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (closed)
                return;
            // Best effort: a log without this entry was not closed in order, which is what its absence says.
            _ = PayOwed().Then(_ => Write(OwnRecords.Closed())).Then(_ => Sign());
            Close();
        }
    }

    private void Close()
    {
        closed = true;
        signing.Dispose();
        tree?.Dispose();
        tail?.Dispose();
        headFile.Dispose();
    }

    /// <summary>The tree first: the entry that says that the log was opened names where its checkpoints belong.</summary>
    private Outcome<Done> PayOwed()
    {
        var ready = tree is null ? Guarded(ReadyTree) : Outcome.Done;
        if (!ready.IsOk)
            return ready;
        while (owed.TryPeek(out var record))
        {
            var written = Write(record);
            if (!written.IsOk)
                return Outcome.Failed<Done>(written.Problems);
            owed.Dequeue();
        }

        return Outcome.Done;
    }

    private Outcome<Done> ReadyTree()
    {
        tree = AuditTree.Open(folder, head, options, out var wasRebuilt, out var finding);
        if (tree is null)
            return AuditProblem.Damaged(folder, finding!);
        if (wasRebuilt)
            owed.Enqueue(OwnRecords.Rebuilt(tree.Size));
        owed.Enqueue(OwnRecords.Opened(tree.Origin, Key, tree.Size));
        return Outcome.Done;
    }

    private void SignInTime()
    {
        lock (gate)
        {
            isSigningDue = false;
            if (!closed)
                SignOrLater();
        }
    }

    private void SignOrLater()
    {
        // The last checkpoint holds until then, and the entries are on disk.
        if (!Sign().IsOk)
            SignLater();
    }

    private void SignLater()
    {
        if (isSigningDue || tree!.Signed == tree.Size)
            return;
        isSigningDue = signing.Change(options.CheckpointAfter, Timeout.InfiniteTimeSpan);
    }

    private Outcome<Done> Sign() => tree is null ? Outcome.Done : Guarded(() =>
    {
        tree.Sign();
        return Outcome.Done;
    });

    private Outcome<T> Guarded<T>(Func<Outcome<T>> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AuditProblem.NotWritten(folder, e);
        }
    }

    private Outcome<IReadOnlyList<AuditEntry>> WriteTogether(IReadOnlyList<AuditRecord> records)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Write(records));
        }
    }

    private Outcome<AuditEntry> Write(AuditRecord record) => Write([record]).Then(entries => Outcome.Of(entries[0]));

    /// <summary>All of them, or none.</summary>
    private Outcome<IReadOnlyList<AuditEntry>> Write(IReadOnlyList<AuditRecord> records)
    {
        var now = time.GetUtcNow();
        var entries = Next(records, now);
        try
        {
            var day = DateOnly.FromDateTime(now.UtcDateTime);
            if (tail is null || tail.Day != day || tail.Length >= options.FileBytes)
            {
                tail?.Dispose();
                tail = null;
                tail = AuditTail.Begin(folder, head.Sequence + 1, day, options.SyncFolder);
            }

            tail.Append(writer.Written.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AuditProblem.NotWritten(folder, e);
        }

        head = entries[^1].Head;
        KeepHead();
        tree!.Add(writer);
        if (tree.Size - tree.Signed >= options.CheckpointEntries)
            SignOrLater();
        else
            SignLater();
        return Outcome.Of<IReadOnlyList<AuditEntry>>(entries);
    }

    /// <summary>Those that come next; their lines are in the writer.</summary>
    private AuditEntry[] Next(IReadOnlyList<AuditRecord> records, DateTimeOffset now)
    {
        writer.Clear();
        var clock = options.Clock?.Invoke();
        var entries = new AuditEntry[records.Count];
        var last = head;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = writer.Add(last, AuditOptions.Timed(records[i], clock), options.Node, now);
            last = entries[i].Head;
        }

        return entries;
    }

    private void KeepHead()
    {
        try
        {
            headFile.Write(head);
        }
        catch (IOException)
        {
            // The entry is on disk; the kept head is an older one until the next entry, and an older head is a true one.
        }
    }

    private static AuditRecord With(AuditRecord record, IReadOnlyDictionary<string, string>? origin) =>
        origin is null ? record : record with { Details = record.Details.Concat(origin).DistinctBy(detail => detail.Key).ToDictionary() };

    private bool IsDue(AuditEntry last) => time.GetUtcNow() - last.At > options.Retention;

    private Outcome<IReadOnlyList<string>> RetireFiles()
    {
        var gone = new List<string>();
        var files = AuditFile.List(folder);
        foreach (var file in files.SkipLast(1))
        {
            if (AuditReader.Last(file) is not { } last || !IsDue(last))
                break;
            var record = AuditRetirement.Of(file.Name, last.Head, file.FirstSequence, last.At, Guid.NewGuid().ToString("n"));
            var intended = PayOwed().Then(_ => Write(record));
            if (!intended.IsOk)
                return Outcome.Failed<IReadOnlyList<string>>(intended.Problems);
            // What leaves is in a tree that is on disk and signed: nothing else could make its hashes again.
            tree!.Sign();
            File.Delete(file.Path);
            options.SyncFolder(folder);
            gone.Add(file.Name);
            var done = Write(record with { Outcome = AuditOutcome.Done });
            if (!done.IsOk)
                return Outcome.Failed<IReadOnlyList<string>>(done.Problems);
        }

        return Outcome.Of<IReadOnlyList<string>>(gone);
    }
}
