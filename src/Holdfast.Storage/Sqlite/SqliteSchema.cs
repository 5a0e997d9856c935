namespace Holdfast.Storage.Sqlite;

/// <summary>What the file holds. A change of it is a new version and a step that brings the old one there.</summary>
internal static class SqliteSchema
{
    /// <summary>"HFST", at byte 68 of the file: whose database it is.</summary>
    public const int ApplicationId = 0x48465354;

    public const int Version = 1;

    /// <summary>
    /// <c>entry</c> is every version of every key, deletions included, in the order they happened: reads, history and watches are all of it.
    /// <c>request</c> is what the store remembers of commits, to answer the same id with the same outcome.
    /// </summary>
    public static readonly string Create = $"""
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};
        CREATE TABLE identity (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            cluster_id TEXT NOT NULL,
            incarnation INTEGER NOT NULL);
        CREATE TABLE counter (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            revision INTEGER NOT NULL,
            compacted INTEGER NOT NULL);
        INSERT INTO counter VALUES (1, 0, 0);
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY,
            key BLOB NOT NULL,
            revision INTEGER NOT NULL,
            create_revision INTEGER NOT NULL,
            version INTEGER NOT NULL,
            lease INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            value BLOB NOT NULL);
        CREATE UNIQUE INDEX entry_key ON entry (key, revision, deleted);
        CREATE INDEX entry_revision ON entry (revision);
        CREATE INDEX entry_lease ON entry (lease) WHERE lease <> 0;
        CREATE TABLE request (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            state INTEGER NOT NULL,
            revision INTEGER NOT NULL);
        CREATE TABLE lease (
            id INTEGER PRIMARY KEY,
            seconds INTEGER NOT NULL);
        """;
}
