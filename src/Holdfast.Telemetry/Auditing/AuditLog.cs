using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// The node's record of changes: append-only, hash-chained. An entry that <see cref="Append"/> has answered is on disk, so a
/// change recorded first can never be without its record; where the record cannot be written, the change must be refused.
/// One process writes a log (the agent, under its lock); any number read it.
/// </summary>
public sealed class AuditLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly string folder;
    private readonly AuditOptions options;
    private readonly TimeProvider time;
    private readonly AuditHeadFile headFile;
    private readonly Queue<AuditRecord> owed = new();
    private AuditTail? tail;
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
                log.owed.Enqueue(Own(AuditAction.Recovered, new() { ["bytes"] = torn.Bytes.ToString(), ["sha256"] = torn.Sha256 }));
            log.owed.Enqueue(Own(AuditAction.Opened, []));
            _ = log.PayOwed();
            return log;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AuditProblem.NotRead(folder, e);
        }
    }

    /// <summary>
    /// Writes the next entry; it is on disk when this returns. Problems: <c>audit.not-written</c>: nothing was recorded, refuse the change.
    /// </summary>
    public Outcome<AuditEntry> Append(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Write(record));
        }
    }

    /// <summary>
    /// Lets whole files go whose last entry is older than the retention, oldest first, each after an entry that says so.
    /// The answer names the files that are gone.
    /// </summary>
    public Outcome<IReadOnlyList<string>> Retire()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            try
            {
                return RetireFiles();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return AuditProblem.NotWritten(folder, e);
            }
        }
    }

    /// <summary>
    /// All files as they are at this moment, to be read while the log goes on: what is appended later is not seen, what is retired
    /// later still is. Problems: <c>audit.not-read</c>, <c>audit.not-written</c>.
    /// </summary>
    public Outcome<AuditSnapshot> Freeze()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => AuditSnapshot.Open(folder, head, tail?.Length));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (closed)
                return;
            // Best effort: a log without this entry was not closed in order, which is what its absence says.
            _ = PayOwed().Then(_ => Write(Own(AuditAction.Closed, [])));
            closed = true;
            tail?.Dispose();
            headFile.Dispose();
        }
    }

    private static AuditRecord Own(string action, Dictionary<string, string> details) => new()
    {
        Actor = "holdfast",
        Action = action,
        Target = "audit",
        Outcome = AuditOutcome.Done,
        Operation = Guid.NewGuid().ToString("n"),
        Details = details,
    };

    private Outcome<Done> PayOwed()
    {
        while (owed.TryPeek(out var record))
        {
            var written = Write(record);
            if (!written.IsOk)
                return Outcome.Failed<Done>(written.Problems);
            owed.Dequeue();
        }

        return Outcome.Done;
    }

    private Outcome<AuditEntry> Write(AuditRecord record)
    {
        var now = time.GetUtcNow();
        var entry = AuditChain.Next(head, Redacted(record), options.Node, now);
        try
        {
            var day = DateOnly.FromDateTime(now.UtcDateTime);
            if (tail is null || tail.Day != day || tail.Length >= options.FileBytes)
            {
                tail?.Dispose();
                tail = null;
                tail = AuditTail.Begin(folder, entry.Sequence, day, options.SyncFolder);
            }

            tail.Append(AuditLine.Format(entry));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AuditProblem.NotWritten(folder, e);
        }

        head = entry.Head;
        KeepHead();
        return entry;
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

    private AuditRecord Redacted(AuditRecord record) => record with
    {
        Target = options.Redact(record.Target),
        Details = record.Details.ToDictionary(d => d.Key, d => options.Redact(d.Value)),
    };

    private Outcome<IReadOnlyList<string>> RetireFiles()
    {
        var gone = new List<string>();
        var files = AuditFile.List(folder);
        foreach (var file in files.SkipLast(1))
        {
            if (AuditReader.Last(file) is not { } last || time.GetUtcNow() - last.At <= options.Retention)
                break;
            var record = AuditRetirement.Of(file.Name, last.Head, file.FirstSequence, last.At, Guid.NewGuid().ToString("n"));
            var intended = PayOwed().Then(_ => Write(record));
            if (!intended.IsOk)
                return Outcome.Failed<IReadOnlyList<string>>(intended.Problems);
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
