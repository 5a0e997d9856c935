namespace Holdfast.Storage.Sqlite;

/// <summary>How a SQLite store is kept.</summary>
public sealed record SqliteOptions
{
    /// <summary>Makes the entries of a folder durable (created and renamed files); the platform's own way.</summary>
    public required Action<string> SyncFolder { get; init; }

    /// <summary>So many revisions of history stay for watchers that fell behind; older history is compacted by itself.</summary>
    public long RetainedRevisions { get; init; } = 10_000;

    /// <summary>How long a call waits where another program holds the file's lock.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
