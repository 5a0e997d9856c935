namespace Holdfast.Storage.Sqlite;

/// <summary>What the store remembers of requests, so that a lost answer can be found.</summary>
internal static class SqliteRequests
{
    private const long VoidState = 0;
    private const long ElseState = 1;
    private const long ThenState = 2;

    /// <summary>Null: nothing is known of it.</summary>
    public static Settlement? Find(SqliteSession session, string id) => session.Rows<Settlement>(
        "SELECT state, revision FROM request WHERE name = ?1",
        row => row.GetInt64(0) == VoidState
            ? new Settlement.Void()
            : new Settlement.Happened(row.GetInt64(0) == ThenState, row.GetInt64(1)),
        id).FirstOrDefault();

    public static void Remember(SqliteSession session, string id, bool succeeded, long revision) =>
        session.Execute("INSERT INTO request (name, state, revision) VALUES (?1, ?2, ?3)", id, succeeded ? ThenState : ElseState, revision);

    public static Settlement Settle(SqliteSession session, string id)
    {
        if (Find(session, id) is { } known)
            return known;
        session.Execute("INSERT INTO request (name, state, revision) VALUES (?1, ?2, 0)", id, VoidState);
        return new Settlement.Void();
    }

    public static long Last(SqliteSession session) => session.Number("SELECT max(id) FROM request");

    public static void Forget(SqliteSession session, long upTo) => session.Execute("DELETE FROM request WHERE id <= ?1", upTo);
}
