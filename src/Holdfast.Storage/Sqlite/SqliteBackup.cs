using Holdfast.Core.Problems;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage.Sqlite;

/// <summary>Copies of a store that are whole, and putting one back so that nobody takes it for the store it was.</summary>
public static class SqliteBackup
{
    /// <summary>Writes a backup of a store that may be in use. Problems: <c>store.exists</c>, <c>store.no-space</c>, <c>store.unavailable</c>, <c>store.damaged</c>.</summary>
    public static Outcome<Done> Write(string store, string backup, SqliteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (File.Exists(backup))
            return SqliteFailure.Exists(backup);
        var temporary = backup + ".new";
        try
        {
            SqliteFile.DeleteUnfinished(temporary);
            using (var session = SqliteSession.Open(store, SqliteOpenMode.ReadWrite, options.BusyTimeout))
                session.Execute("VACUUM INTO ?1", temporary);
            using (var handle = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite))
#pragma warning disable RS0030 // Kept quiet or not: who restores the backup checks it first.
                RandomAccess.FlushToDisk(handle);
#pragma warning restore RS0030
            File.Move(temporary, backup, overwrite: false);
            options.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(backup))!);
            return Outcome.Done;
        }
        catch (Exception e) when (SqliteFailure.IsExpected(e))
        {
            SqliteFile.DeleteUnfinished(temporary);
            return SqliteFailure.ToProblem(e, backup);
        }
    }

    /// <summary>
    /// Makes a store from a backup, in a place where there is none. It gets a cluster id of its own and a higher incarnation than the
    /// store that was there, and forgets leases and requests: none of them can be continued. Problems: <c>store.exists</c> and those of opening.
    /// </summary>
    /// <param name="lastIncarnation">Of a store that stood elsewhere and whose place this one takes; 0: none is known.</param>
    public static Outcome<StoreIdentity> Restore(string backup, string store, SqliteOptions options, long lastIncarnation = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (SqliteFile.LeavesAnything(store))
            return SqliteFailure.Exists(store);
        if (!File.Exists(backup))
            return SqliteFailure.Missing(backup);
        var temporary = store + ".new";
        try
        {
            if (SqliteFile.CheckHeader(backup) is { } stranger)
                return stranger;
            SqliteFile.DeleteUnfinished(temporary);
            File.Copy(backup, temporary);
            var identity = Renew(temporary, Math.Max(StoreMarker.Read(store)?.Incarnation ?? 0, lastIncarnation), options);
            if (identity.IsOk)
                SqliteFile.Publish(temporary, store, identity.Value, options.SyncFolder);
            return identity;
        }
        catch (Exception e) when (SqliteFailure.IsExpected(e))
        {
            SqliteFile.DeleteUnfinished(temporary);
            return SqliteFailure.ToProblem(e, backup);
        }
        catch (SqliteException e)
        {
            // A header that is ours, but tables that are not: any other error of SQLite means damage here.
            return SqliteFailure.Damaged(backup, e.Message);
        }
    }

    /// <summary>Which store a copy is of, and at which revision. Problems: <c>store.damaged</c>, <c>store.foreign</c>, <c>store.newer-version</c>, <c>store.unavailable</c>.</summary>
    public static Outcome<StoreMoment> Describe(string backup, SqliteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            if (SqliteFile.CheckHeader(backup) is { } stranger)
                return stranger;
            using var session = SqliteSession.Open(backup, SqliteOpenMode.ReadOnly, options.BusyTimeout);
            if (SqliteFile.CheckContent(session, backup) is { } damage)
                return damage;
            return new StoreMoment(SqliteFile.ReadIdentity(session), SqliteReading.Revision(session));
        }
        catch (Exception e) when (SqliteFailure.IsExpected(e))
        {
            return SqliteFailure.ToProblem(e, backup);
        }
        catch (SqliteException e)
        {
            return SqliteFailure.Damaged(backup, e.Message);
        }
    }

    /// <summary>The identity that is marked beside a store's place, also of a store that is gone or damaged; null: none can be read.</summary>
    public static StoreIdentity? LastIdentity(string store) => StoreMarker.Read(store);

    private static Outcome<StoreIdentity> Renew(string file, long lastIncarnation, SqliteOptions options)
    {
        using var session = SqliteSession.Open(file, SqliteOpenMode.ReadWrite, options.BusyTimeout);
        if (SqliteFile.CheckContent(session, file) is { } damage)
            return damage;
        session.Script("PRAGMA journal_mode = DELETE;");
        using var work = session.BeginWrite();
        foreach (var lease in session.Rows("SELECT id FROM lease", row => row.GetInt64(0)))
            SqliteWriting.EndLease(session, lease);
        session.Execute("DELETE FROM request");
        var identity = SqliteFile.NewIdentity(Math.Max(SqliteFile.ReadIdentity(session).Incarnation, lastIncarnation) + 1);
        session.Execute("UPDATE identity SET cluster_id = ?1, incarnation = ?2", identity.ClusterId, identity.Incarnation);
        work.Commit();
        return identity;
    }
}
