using Holdfast.Core.Problems;

namespace Holdfast.Storage.Sqlite;

/// <summary>What a transaction does to the entries. Called inside a write transaction of SQLite; whoever calls commits it.</summary>
internal sealed class SqliteWriting
{
    private readonly SqliteSession session;
    private readonly long revision;
    private bool changed;

    private SqliteWriting(SqliteSession session)
    {
        this.session = session;
        revision = SqliteReading.Revision(session) + 1;
    }

    /// <summary>Decides and does. <see cref="CommitResult.Failed"/>: roll back.</summary>
    /// <param name="leaseLives">Whether a lease has not ended.</param>
    public static CommitResult Run(SqliteSession session, Transaction transaction, Func<long, bool> leaseLives)
    {
        if (SqliteRequests.Find(session, transaction.RequestId) is { } known)
        {
            return known is Settlement.Happened happened
                ? new CommitResult.Decided(happened.Succeeded, happened.Revision, [], Replayed: true)
                : new CommitResult.Failed(StoreProblem.RequestVoided(transaction.RequestId));
        }

        var succeeded = transaction.If.All(c => c.Holds(SqliteReading.One(session, c.Key)));
        var steps = succeeded ? transaction.Then : transaction.Else;
        if (steps.OfType<Operation.Put>().FirstOrDefault(p => p.Lease != 0 && !leaseLives(p.Lease)) is { } orphan)
            return new CommitResult.Failed(StoreProblem.LeaseGone(orphan.Lease));

        var writing = new SqliteWriting(session);
        var results = steps.Select(writing.Do).ToList();
        var reached = writing.Finish();
        // A branch that only reads needs no memory: doing it again is right.
        if (steps.Any(step => step is not Operation.Get))
            SqliteRequests.Remember(session, transaction.RequestId, succeeded, reached);
        return new CommitResult.Decided(succeeded, reached, results);
    }

    /// <summary>Ends a lease: its keys are deleted, all at one revision.</summary>
    public static void EndLease(SqliteSession session, long lease)
    {
        var writing = new SqliteWriting(session);
        foreach (var key in SqliteReading.KeysOf(session, lease))
            writing.Bury(key);
        session.Execute("DELETE FROM lease WHERE id = ?1", lease);
        writing.Finish();
    }

    private OperationResult Do(Operation step) => step switch
    {
        Operation.Put put => Put(put),
        Operation.Delete delete => Delete(delete),
        Operation.Get get => new OperationResult.Got(SqliteReading.Range(session, get.Keys, revision, get.Limit)),
        _ => throw new InvalidOperationException($"Unknown step {step.GetType()}."),
    };

    private OperationResult.Put Put(Operation.Put put)
    {
        var current = SqliteReading.One(session, put.Key);
        Insert(put.Key, current?.CreateRevision ?? revision, (current?.Version ?? 0) + 1, put.Lease, deleted: false, put.Value);
        return new OperationResult.Put();
    }

    private OperationResult.Deleted Delete(Operation.Delete delete)
    {
        var keys = SqliteReading.Range(session, delete.Keys, revision, limit: 0);
        foreach (var item in keys)
            Bury(item.Key);
        return new OperationResult.Deleted(keys.Count);
    }

    private void Bury(Bytes key) => Insert(key, createRevision: 0, version: 0, lease: 0, deleted: true, Bytes.Empty);

    private void Insert(Bytes key, long createRevision, long version, long lease, bool deleted, Bytes value)
    {
        session.Execute(
            "INSERT INTO entry (key, revision, create_revision, version, lease, deleted, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            key,
            revision,
            createRevision,
            version,
            lease,
            deleted ? 1L : 0L,
            value);
        changed = true;
    }

    private long Finish()
    {
        if (!changed)
            return revision - 1;
        session.Execute("UPDATE counter SET revision = ?1", revision);
        return revision;
    }
}
