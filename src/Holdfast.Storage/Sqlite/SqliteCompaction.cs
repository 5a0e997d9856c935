namespace Holdfast.Storage.Sqlite;

internal static class SqliteCompaction
{
    /// <summary>
    /// Forgets what was replaced before a revision. Everything that happened at the revision itself stays, deletions too,
    /// so that it can still be watched from.
    /// </summary>
    public static void Run(SqliteSession session, long revision)
    {
        session.Execute(
            """
            DELETE FROM entry WHERE revision < ?1 AND (deleted = 1 OR EXISTS (
                SELECT 1 FROM entry n WHERE n.key = entry.key AND n.revision > entry.revision AND n.revision <= ?1))
            """,
            revision);
        session.Execute("UPDATE counter SET compacted = ?1", revision);
    }
}
