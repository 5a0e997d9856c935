using Google.Protobuf;

namespace Holdfast.Storage.Etcd;

/// <summary>
/// A transaction as etcd does it: with a record of its request, written at the same revision, so that it is done once however often it is sent.
/// <para>Where the second branch changes nothing, the request's absence is one more compare. Where it does, the caller's transaction stands within one that asks for the
/// request first; the record is written by the outer one, because etcd counts nothing of an inner one against its quota (seen with 3.4.23: it grew past it
/// without an alarm). A branch of the first form that changes nothing leaves no record.</para>
/// </summary>
internal static class EtcdTransactions
{
    private static readonly ByteString Done = ByteString.CopyFromUtf8("done");
    private static readonly ByteString Voided = ByteString.CopyFromUtf8("void");

    /// <param name="memory">The lease that the record of the request lives by.</param>
    public static Wire.TxnRequest Commit(Transaction transaction, EtcdKeys keys, long memory)
    {
        var id = transaction.RequestId;
        var then = Steps(transaction.Then, keys);
        var other = Steps(transaction.Else, keys);
        var conditions = transaction.If.Select(c => Condition(c, keys));
        if (!Changes(transaction.Else))
        {
            return new()
            {
                Compare = { conditions.Prepend(Unknown(id, keys)) },
                Success = { Changes(transaction.Then) ? then.Append(Put(keys.Request(id), Done, memory)) : then },
                Failure = { other.Prepend(Get(keys.Request(id))) },
            };
        }

        var inner = new Wire.TxnRequest
        {
            Compare = { conditions },
            Success = { then },
            Failure = { other.Append(Put(keys.OtherBranch(id), Done, memory)) },
        };
        return new()
        {
            Compare = { Unknown(id, keys) },
            Success = { new Wire.RequestOp { RequestTxn = inner }, Put(keys.Request(id), Done, memory) },
            Failure = { Get(keys.Request(id)), Get(keys.OtherBranch(id)) },
        };
    }

    /// <summary>Voids the request, unless its outcome is known.</summary>
    public static Wire.TxnRequest Settle(string id, EtcdKeys keys, long memory) => new()
    {
        Compare = { Unknown(id, keys) },
        Success = { Put(keys.Request(id), Voided, memory) },
        Failure = { Get(keys.Request(id)), Get(keys.OtherBranch(id)) },
    };

    public static CommitResult Result(Transaction transaction, Wire.TxnResponse response, EtcdKeys keys)
    {
        if (Changes(transaction.Else)) return response.Succeeded ? OfInner(transaction, response, keys) : Earlier(transaction, Known(response));
        if (response.Succeeded) return Decided(true, transaction.Then, response.Responses, response, keys);
        // Either the request is known, or a condition does not hold.
        return response.Responses[0].ResponseRange.Kvs.Count > 0
            ? Earlier(transaction, Known(response, hasOtherBranch: false))
            : Decided(false, transaction.Else, response.Responses.Skip(1), response, keys);
    }

    public static Settlement Settled(Wire.TxnResponse response) => response.Succeeded ? new Settlement.Void() : Known(response);

    private static CommitResult.Decided OfInner(Transaction transaction, Wire.TxnResponse response, EtcdKeys keys)
    {
        var inner = response.Responses[0].ResponseTxn;
        return Decided(inner.Succeeded, inner.Succeeded ? transaction.Then : transaction.Else, inner.Responses, response, keys);
    }

    private static CommitResult.Decided Decided(
        bool succeeded, IReadOnlyList<Operation> steps, IEnumerable<Wire.ResponseOp> responses, Wire.TxnResponse response, EtcdKeys keys) =>
        new(succeeded, response.Header.Revision, [.. responses.Take(steps.Count).Select(r => Result(r, keys))]);

    private static CommitResult Earlier(Transaction transaction, Settlement known) => known is Settlement.Happened earlier
        ? new CommitResult.Decided(earlier.Succeeded, earlier.Revision, [], Replayed: true)
        : new CommitResult.Failed(StoreProblem.RequestVoided(transaction.RequestId));

    /// <summary>What the records say.</summary>
    /// <param name="hasOtherBranch">The second answer is the record of the other branch. Without one, what was done was the first.</param>
    private static Settlement Known(Wire.TxnResponse response, bool hasOtherBranch = true)
    {
        var record = response.Responses[0].ResponseRange.Kvs[0];
        if (record.Value == Voided) return new Settlement.Void();
        var other = hasOtherBranch && response.Responses[1].ResponseRange.Kvs.Count > 0;
        return new Settlement.Happened(!other, record.ModRevision);
    }

    private static bool Changes(IReadOnlyList<Operation> steps) => steps.Any(s => s is not Operation.Get);

    private static IEnumerable<Wire.RequestOp> Steps(IReadOnlyList<Operation> steps, EtcdKeys keys) => steps.Select(s => Step(s, keys));

    private static Wire.Compare Unknown(string id, EtcdKeys keys) => Absent(keys.Request(id));

    public static Wire.Compare Absent(ByteString key) => new()
    {
        Key = key,
        Target = Wire.Compare.Types.CompareTarget.Create,
        Result = Wire.Compare.Types.CompareResult.Equal,
        CreateRevision = 0,
    };

    private static Wire.RequestOp Put(ByteString key, ByteString value, long lease) => new() { RequestPut = new() { Key = key, Value = value, Lease = lease } };

    private static Wire.RequestOp Get(ByteString key) => new() { RequestRange = new() { Key = key } };

    private static Wire.RequestOp Step(Operation step, EtcdKeys keys)
    {
        switch (step)
        {
            case Operation.Put put:
                return new() { RequestPut = new() { Key = keys.Of(put.Key), Value = ByteString.CopyFrom(put.Value.Span), Lease = put.Lease } };
            case Operation.Delete delete:
                var (from, to) = keys.Of(delete.Keys);
                return new() { RequestDeleteRange = new() { Key = from, RangeEnd = to } };
            case Operation.Get get:
                var (key, end) = keys.Of(get.Keys);
                return new() { RequestRange = new() { Key = key, RangeEnd = end, Limit = get.Limit } };
            default:
                throw new InvalidOperationException($"Unknown step {step}.");
        }
    }

    private static OperationResult Result(Wire.ResponseOp response, EtcdKeys keys) => response.ResponseCase switch
    {
        Wire.ResponseOp.ResponseOneofCase.ResponsePut => new OperationResult.Put(),
        Wire.ResponseOp.ResponseOneofCase.ResponseDeleteRange => new OperationResult.Deleted(response.ResponseDeleteRange.Deleted),
        Wire.ResponseOp.ResponseOneofCase.ResponseRange => new OperationResult.Got([.. response.ResponseRange.Kvs.Select(keys.From)]),
        _ => throw new InvalidOperationException($"Unknown answer {response.ResponseCase}."),
    };

    private static Wire.Compare Condition(Compare compare, EtcdKeys keys)
    {
        var condition = new Wire.Compare
        {
            Key = keys.Of(compare.Key),
            Result = compare.Relation switch
            {
                Relation.Equal => Wire.Compare.Types.CompareResult.Equal,
                Relation.Greater => Wire.Compare.Types.CompareResult.Greater,
                Relation.Less => Wire.Compare.Types.CompareResult.Less,
                Relation.NotEqual => Wire.Compare.Types.CompareResult.NotEqual,
                _ => throw new InvalidOperationException($"Unknown relation {compare.Relation}."),
            },
        };
        switch (compare)
        {
            case Compare.CreateRevision c:
                (condition.Target, condition.CreateRevision) = (Wire.Compare.Types.CompareTarget.Create, c.Revision);
                break;
            case Compare.ModRevision m:
                (condition.Target, condition.ModRevision) = (Wire.Compare.Types.CompareTarget.Mod, m.Revision);
                break;
            case Compare.Version v:
                (condition.Target, condition.Version) = (Wire.Compare.Types.CompareTarget.Version, v.Number);
                break;
            case Compare.Value v:
                (condition.Target, condition.Value) = (Wire.Compare.Types.CompareTarget.Value, ByteString.CopyFrom(v.Content.Span));
                break;
            default:
                throw new InvalidOperationException($"Unknown compare {compare}.");
        }

        return condition;
    }
}
