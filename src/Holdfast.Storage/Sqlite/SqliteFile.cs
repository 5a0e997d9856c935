using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Core.Problems;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage.Sqlite;

/// <summary>The file of a store: made whole or not at all, and looked at before it is touched.</summary>
internal static class SqliteFile
{
    private const int HeaderBytes = 100;
    private const int VersionOffset = 60;
    private const int ApplicationOffset = 68;

    /// <summary>A new store. It appears under its name when it is complete, so a crash leaves none or all of it.</summary>
    public static void Create(string path, StoreIdentity identity, Action<string> syncFolder)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = path + ".new";
        DeleteUnfinished(temporary);
        using (var session = SqliteSession.Open(temporary, SqliteOpenMode.ReadWriteCreate, TimeSpan.FromSeconds(1)))
        {
            session.Script("PRAGMA journal_mode = DELETE;");
            using var work = session.BeginWrite();
            session.Script(SqliteSchema.Create);
            session.Execute("INSERT INTO identity VALUES (1, ?1, ?2)", identity.ClusterId, identity.Incarnation);
            work.Commit();
        }

        Publish(temporary, path, identity, syncFolder);
    }

    public static StoreIdentity NewIdentity(long incarnation) => new(RandomNumberGenerator.GetHexString(16, lowercase: true), incarnation);

    /// <summary>Gives a complete file its name, durably, and marks that the store exists.</summary>
    public static void Publish(string temporary, string path, StoreIdentity identity, Action<string> syncFolder)
    {
        using (var handle = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite))
#pragma warning disable RS0030 // Nothing is in it yet: the first commit is synced by SQLite, which tells.
            RandomAccess.FlushToDisk(handle);
#pragma warning restore RS0030
        File.Move(temporary, path, overwrite: false);
        syncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        StoreMarker.Write(path, identity, syncFolder);
    }

    /// <summary>Whose file it is, by its header alone: opening a foreign database would already change it. Null: it may be opened.</summary>
    public static Problem? CheckHeader(string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (RandomAccess.Read(handle, header, 0) < HeaderBytes)
            return SqliteFailure.Damaged(path, $"it has only {RandomAccess.GetLength(handle)} bytes");
        if (!header.StartsWith("SQLite format 3\0"u8))
            return SqliteFailure.Foreign(path, "it is not an SQLite database, or its beginning is damaged");
        if (BinaryPrimitives.ReadInt32BigEndian(header[ApplicationOffset..]) != SqliteSchema.ApplicationId)
            return SqliteFailure.Foreign(path, "it is the database of another program, or its beginning is damaged");
        var version = BinaryPrimitives.ReadInt32BigEndian(header[VersionOffset..]);
        return version > SqliteSchema.Version ? SqliteFailure.Newer(path, version) : null;
    }

    /// <summary>Whether the content is whole. Null: it is.</summary>
    public static Problem? CheckContent(SqliteSession session, string path)
    {
        var findings = session.Rows("PRAGMA quick_check(5)", row => row.GetString(0));
        if (findings is not ["ok"])
            return SqliteFailure.Damaged(path, string.Join("; ", findings));
        if (session.Number("SELECT count(*) FROM identity") != 1 || session.Number("SELECT count(*) FROM counter") != 1)
            return SqliteFailure.Damaged(path, "its identity or its counters are gone");
        return session.Number("SELECT max(revision) FROM entry") > session.Number("SELECT revision FROM counter")
            ? SqliteFailure.Damaged(path, "it holds entries of revisions that it says have not happened")
            : null;
    }

    public static StoreIdentity ReadIdentity(SqliteSession session) =>
        session.Rows("SELECT cluster_id, incarnation FROM identity", row => new StoreIdentity(row.GetString(0), row.GetInt64(1)))[0];

    /// <summary>Something of a store is there: the file, or a log that may hold commits which the file does not.</summary>
    public static bool LeavesAnything(string path) => File.Exists(path) || File.Exists(path + "-wal");

    /// <summary>What a crash left of a file that never got its name.</summary>
    public static void DeleteUnfinished(string temporary)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"])
            File.Delete(temporary + suffix);
    }
}
