using Microsoft.Data.Sqlite;

namespace Holdfast.Storage.Sqlite;

/// <summary>The questions that are asked of the entries. Called inside a transaction, so that their answers are of one moment.</summary>
internal static class SqliteReading
{
    private const string Columns = "e.key, e.value, e.create_revision, e.revision, e.version, e.lease";

    /// <summary>Comes after every key: none is that long.</summary>
    private static readonly Bytes BeyondKeys = new([.. Enumerable.Repeat((byte)0xff, StoreLimits.KeyBytes + 1)]);

    /// <summary>?1 from, ?2 to, ?3 revision: each key's last version up to the revision, unless that is a deletion.</summary>
    private const string Living = """
        FROM entry e
        WHERE e.key >= ?1 AND e.key < ?2 AND e.deleted = 0
          AND e.revision = (SELECT max(n.revision) FROM entry n WHERE n.key = e.key AND n.revision <= ?3)
        """;

    private static readonly string LivingRows = $"SELECT {Columns} {Living} ORDER BY e.key LIMIT ?4";

    private static readonly string LivingCount = $"SELECT count(*) {Living}";

    public static long Revision(SqliteSession session) => session.Number("SELECT revision FROM counter");

    public static long Compacted(SqliteSession session) => session.Number("SELECT compacted FROM counter");

    public static KeyValue? One(SqliteSession session, Bytes key) => session.Rows(
        $"SELECT {Columns}, e.deleted FROM entry e WHERE e.key = ?1 ORDER BY e.revision DESC LIMIT 1",
        row => row.GetInt64(6) == 0 ? Item(row) : null,
        key).FirstOrDefault();

    /// <param name="limit">0: all.</param>
    public static List<KeyValue> Range(SqliteSession session, KeyRange keys, long revision, int limit) =>
        session.Rows(LivingRows, Item, keys.From, End(keys), revision, limit > 0 ? limit : -1L);

    public static long Count(SqliteSession session, KeyRange keys, long revision) =>
        session.Number(LivingCount, keys.From, End(keys), revision);

    /// <summary>
    /// The changes of a range from a revision on, in their order: about <paramref name="about"/> of them, more where one revision has more.
    /// </summary>
    public static List<Change> Changes(SqliteSession session, KeyRange keys, long from, int about)
    {
        var upTo = session.Number(
            """
            SELECT max(revision) FROM (
                SELECT revision FROM entry
                WHERE revision >= ?3 AND key >= ?1 AND key < ?2
                ORDER BY revision LIMIT ?4)
            """,
            keys.From,
            End(keys),
            from,
            (long)about);
        return session.Rows(
            $"""
            SELECT {Columns}, e.deleted FROM entry e
            WHERE e.revision >= ?3 AND e.revision <= ?4 AND e.key >= ?1 AND e.key < ?2
            ORDER BY e.revision, e.id
            """,
            row => new Change(row.GetInt64(6) == 0 ? ChangeKind.Put : ChangeKind.Delete, Item(row)),
            keys.From,
            End(keys),
            from,
            upTo);
    }

    /// <summary>The living keys that a lease carries.</summary>
    public static List<Bytes> KeysOf(SqliteSession session, long lease) => session.Rows(
        """
        SELECT e.key FROM entry e
        WHERE e.lease = ?1 AND e.deleted = 0 AND e.revision = (SELECT max(n.revision) FROM entry n WHERE n.key = e.key)
        ORDER BY e.key
        """,
        row => new Bytes((byte[])row[0]),
        lease);

    private static Bytes End(KeyRange keys) => keys.To.Length > 0 ? keys.To : BeyondKeys;

    private static KeyValue Item(SqliteDataReader row) => new(
        new Bytes((byte[])row[0]),
        new Bytes((byte[])row[1]),
        row.GetInt64(2),
        row.GetInt64(3),
        row.GetInt64(4),
        row.GetInt64(5));
}
