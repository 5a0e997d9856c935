using Holdfast.Core.Problems;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage.Sqlite;

/// <summary>What a write came to. Doubtful: it may yet be found on disk after a crash.</summary>
internal readonly record struct Written<T>(Outcome<T> Outcome, bool Doubtful);

/// <summary>The one writer: one write at a time, each a transaction of SQLite that is on disk before it is answered.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly string path;
    private readonly SqliteOptions options;
    private readonly TimeProvider time;
    private SqliteSession? session;
    private bool closed;
    private long requestsAt;
    private long requestsUpTo;

    public SqliteWriter(string path, SqliteSession session, SqliteOptions options, TimeProvider time)
    {
        this.path = path;
        this.session = session;
        this.options = options;
        this.time = time;
        requestsAt = time.GetTimestamp();
        requestsUpTo = SqliteRequests.Last(session);
    }

    /// <summary>Does the work in a write transaction, and commits it if the work says so.</summary>
    public async Task<Written<T>> WriteAsync<T>(Func<SqliteSession, (T Result, bool Commit)> work, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Write(work), CancellationToken.None);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Waits for its turn, then closes the file: SQLite brings its log into the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        closed = true;
        session?.Dispose();
        session = null;
        // Not disposed: whoever still waits for a turn gets it, and is told that the store was closed.
        turn.Release();
    }

    private Written<T> Write<T>(Func<SqliteSession, (T Result, bool Commit)> work)
    {
        if (closed)
            return new(StoreProblem.Unavailable("it was closed"), Doubtful: false);
        var committing = false;
        try
        {
            session ??= SqliteSession.Open(path, SqliteOpenMode.ReadWrite, options.BusyTimeout);
            using var open = session.BeginWrite();
            var (result, commit) = work(session);
            if (commit)
            {
                committing = true;
                open.Commit();
                committing = false;
            }

            Tidy(session);
            return new(Outcome.Of(result), Doubtful: false);
        }
        catch (Exception e) when (SqliteFailure.IsExpected(e))
        {
            // After an error of the disk, a connection made anew knows what is really there.
            session?.Dispose();
            session = null;
            return new(SqliteFailure.ToProblem(e, path), Doubtful: committing && SqliteFailure.LeavesDoubt(e));
        }
    }

    /// <summary>Now and then: history beyond what is retained, and requests that nobody settles any more. May fail: it comes again.</summary>
    private void Tidy(SqliteSession at)
    {
        if (at.InTransaction)
            return;
        try
        {
            var surplus = SqliteReading.Revision(at) - SqliteReading.Compacted(at) - options.RetainedRevisions;
            if (surplus > options.RetainedRevisions / 10)
            {
                using var work = at.BeginWrite();
                SqliteCompaction.Run(at, SqliteReading.Revision(at) - options.RetainedRevisions);
                work.Commit();
            }

            if (time.GetElapsedTime(requestsAt) >= StoreLimits.RequestMemory)
            {
                // Everything up to the mark is at least one interval old, by a clock that nobody sets.
                SqliteRequests.Forget(at, requestsUpTo);
                requestsUpTo = SqliteRequests.Last(at);
                requestsAt = time.GetTimestamp();
            }
        }
        catch (SqliteException e) when (SqliteFailure.IsExpected(e))
        {
            // What was not tidied now is tidied the next time.
        }
    }
}
