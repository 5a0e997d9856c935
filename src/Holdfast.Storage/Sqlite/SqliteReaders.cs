using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage.Sqlite;

/// <summary>Read-only connections, made when needed and kept for the next: readers never wait for the writer (WAL).</summary>
internal sealed class SqliteReaders(string path, TimeSpan busyTimeout) : IDisposable
{
    private const int Kept = 4;

    private readonly ConcurrentBag<SqliteSession> idle = [];
    private volatile bool closed;

    /// <summary>Runs a reading that sees one moment of the store.</summary>
    public T Read<T>(Func<SqliteSession, T> reading)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        var session = idle.TryTake(out var kept) ? kept : SqliteSession.Open(path, SqliteOpenMode.ReadOnly, busyTimeout);
        try
        {
            T result;
            using (session.BeginRead())
                result = reading(session);
            if (!closed && idle.Count < Kept)
            {
                idle.Add(session);
                session = null;
            }

            return result;
        }
        finally
        {
            session?.Dispose();
            if (closed)
                Dispose();
        }
    }

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var session))
            session.Dispose();
    }
}
