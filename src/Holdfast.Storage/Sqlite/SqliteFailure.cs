using Holdfast.Core.Problems;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage.Sqlite;

/// <summary>What an error of SQLite means for the store. Errors that no file, disk or other program can cause are bugs and stay exceptions.</summary>
internal static class SqliteFailure
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static bool IsExpected(Exception e) => e is IOException or UnauthorizedAccessException
        || e is SqliteException { SqliteErrorCode: Busy or Locked or ReadOnly or IoError or Corrupt or Full or CannotOpen or NotADatabase };

    /// <summary>
    /// Whether a failed COMMIT may yet be found on disk after a crash: the write was complete, but its sync was not.
    /// A full disk is not such a case: the frame that makes a commit valid is the last one written.
    /// </summary>
    public static bool LeavesDoubt(Exception e) => e is not SqliteException { SqliteErrorCode: Busy or Locked or ReadOnly or Full };

    public static Problem ToProblem(Exception e, string path) => e switch
    {
        SqliteException { SqliteErrorCode: Full } => StoreProblem.NoSpace(path),
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => Damaged(path, e.Message),
        SqliteException { SqliteErrorCode: Busy or Locked } => StoreProblem.Unavailable($"another program holds {path}"),
        _ => StoreProblem.Unavailable($"{path}: {e.Message}"),
    };

    public static Problem Damaged(string path, string why) => new(
        ProblemKind.Damaged, "store.damaged", $"The store {path} is damaged.")
    {
        Why = why,
        Mend = "move it and the files beside it (-wal, -shm) away, keep them, and restore a backup in its place; services go on running meanwhile",
    };

    public static Problem Foreign(string path, string why) => new(
        ProblemKind.Damaged, "store.foreign", $"{path} is not a store of Holdfast.")
    {
        Why = why,
        Mend = "move it away and restore a backup of the store in its place",
    };

    public static Problem Newer(string path, long version) => new(
        ProblemKind.Refused, "store.newer-version", $"The store {path} has format {version}, and this version of Holdfast knows formats up to {SqliteSchema.Version}.")
    {
        Mend = "run the version of Holdfast that wrote it, or a later one",
    };

    public static Problem Missing(string path) => new(
        ProblemKind.Damaged, "store.missing", $"The store {path} is missing, but this node has been in use.")
    {
        Why = "a new, empty store would forget which services should run",
        Mend = "restore a backup in its place; to begin anew on purpose, move the whole home folder away",
    };

    public static Problem Exists(string path) => new(
        ProblemKind.Conflict, "store.exists", $"{path} exists already.")
    {
        Mend = "move it and the files beside it (-wal, -shm) away first",
    };

    public static Problem Exchanged(string path, StoreIdentity found, StoreIdentity expected) => new(
        ProblemKind.Damaged, "store.exchanged", $"The store {path} is not the one that this node used.")
    {
        Why = $"its identity is {found.ClusterId} ({found.Incarnation}), and {expected.ClusterId} ({expected.Incarnation}) is expected",
        Mend = "a backup is put in place by restoring it, not by copying: that gives it an identity of its own",
    };
}
