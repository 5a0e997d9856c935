using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Holdfast.Storage.Sqlite;

/// <summary>One connection with its prepared statements; used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> statements = [];

    private SqliteSession(SqliteConnection connection) => this.connection = connection;

    public static SqliteSession Open(string path, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        }.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            // The file is data, not code: nothing in its schema may call functions, and a damaged page is an error, not a guess.
            session.Script("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL;");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteWork BeginWrite() => new(this, "BEGIN IMMEDIATE");

    /// <summary>All reads until it ends see the same moment.</summary>
    public SqliteWork BeginRead() => new(this, "BEGIN DEFERRED");

    /// <summary>A transaction is open: SQLite ends one by itself when some errors strike.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>How many rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object> values) => Statement(sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row, or null where there is none.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object> values) => Statement(sql, values).ExecuteScalar() is { } found and not DBNull ? found : null;

    public long Number(string sql, params ReadOnlySpan<object> values) => (long)(Scalar(sql, values) ?? 0L);

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
    {
        var rows = new List<T>();
        using var reader = Statement(sql, values).ExecuteReader();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
            statement.Dispose();
        connection.Dispose();
    }

    /// <summary>Values are bound to ?1, ?2, … in order.</summary>
    private SqliteCommand Statement(string sql, ReadOnlySpan<object> values)
    {
        if (!statements.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i + 1}" });
            statements[sql] = command;
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] is Bytes bytes ? bytes.ToArray() : values[i];
        return command;
    }
}
