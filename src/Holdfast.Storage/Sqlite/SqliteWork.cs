namespace Holdfast.Storage.Sqlite;

/// <summary>An open transaction of SQLite: rolled back when it is left without a commit.</summary>
internal readonly struct SqliteWork : IDisposable
{
    private readonly SqliteSession session;

    public SqliteWork(SqliteSession session, string begin)
    {
        this.session = session;
        session.Execute(begin);
    }

    public void Commit() => session.Execute("COMMIT");

    public void Dispose()
    {
        if (session.InTransaction)
            session.Execute("ROLLBACK");
    }
}
