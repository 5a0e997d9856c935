using Holdfast.Core.Problems;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage.Sqlite;

public sealed partial class SqliteStore
{
    /// <summary>
    /// For an agent's start: opens the store, or makes one if this is the home's first start. Where there has been a store (its marker
    /// is there, or <paramref name="fresh"/> is false), a missing one is a problem and never made anew.
    /// </summary>
    /// <param name="fresh">The home holds nothing yet that a store would have told about: no packages, instances, audit log.</param>
    /// <param name="path">Of the file; <c>-wal</c>, <c>-shm</c> and <c>.identity</c> stand beside it.</param>
    /// <remarks>Problems: those of <see cref="Open"/>, <c>store.missing</c>.</remarks>
    public static Outcome<SqliteStore> OpenOrCreate(string path, bool fresh, SqliteOptions options, TimeProvider time)
    {
        if (File.Exists(path))
            return Open(path, options, time);
        return fresh && !StoreMarker.Exists(path) && !SqliteFile.LeavesAnything(path)
            ? Create(path, options, time)
            : SqliteFailure.Missing(path);
    }

    /// <summary>Makes a new store. Problems: <c>store.exists</c>, <c>store.no-space</c>, <c>store.unavailable</c>.</summary>
    public static Outcome<SqliteStore> Create(string path, SqliteOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (SqliteFile.LeavesAnything(path))
            return SqliteFailure.Exists(path);
        try
        {
            SqliteFile.Create(path, SqliteFile.NewIdentity(incarnation: 1), options.SyncFolder);
        }
        catch (Exception e) when (SqliteFailure.IsExpected(e))
        {
            return SqliteFailure.ToProblem(e, path);
        }

        return Open(path, options, time);
    }

    /// <summary>
    /// Opens a store after looking whether it is one and whole. Problems: <c>store.missing</c>, <c>store.damaged</c>, <c>store.foreign</c>,
    /// <c>store.newer-version</c>, <c>store.exchanged</c>, <c>store.unavailable</c>. None of them changes the file.
    /// </summary>
    public static Outcome<SqliteStore> Open(string path, SqliteOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!File.Exists(path))
            return SqliteFailure.Missing(path);
        SqliteSession? session = null;
        try
        {
            if (SqliteFile.CheckHeader(path) is { } stranger)
                return stranger;
            session = SqliteSession.Open(path, SqliteOpenMode.ReadWrite, options.BusyTimeout);
            if (SqliteFile.CheckContent(session, path) is { } damage)
                return damage;
            var identity = SqliteFile.ReadIdentity(session);
            if (StoreMarker.Read(path) is { } marked && marked != identity)
                return SqliteFailure.Exchanged(path, identity, marked);
            session.Script("PRAGMA journal_mode = WAL;");
            if (StoreMarker.Read(path) is null)
                StoreMarker.Write(path, identity, options.SyncFolder);
            var store = new SqliteStore(path, identity, session, options, time);
            session = null;
            return store;
        }
        catch (Exception e) when (SqliteFailure.IsExpected(e))
        {
            return SqliteFailure.ToProblem(e, path);
        }
        catch (SqliteException e)
        {
            // A header that is ours, but tables that are not: any other error of SQLite means damage here.
            return SqliteFailure.Damaged(path, e.Message);
        }
        finally
        {
            session?.Dispose();
        }
    }
}
