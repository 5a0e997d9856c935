using Holdfast.Core.Problems;

namespace Holdfast.Storage.Etcd;

public sealed partial class EtcdStore
{
    /// <summary>
    /// Opens a store whose etcd was put back from a snapshot, for the first time since: makes it another store, and before that lets the caller raise in it
    /// what must never be as it was (epochs). What ended in between is begun again by the next call. Problems: <c>store.not-restored</c>, those of
    /// <see cref="OpenAsync(EtcdOptions, StoreMoment?, TimeProvider, CancellationToken)"/>.
    /// </summary>
    /// <param name="was">The store that the snapshot is of.</param>
    /// <param name="becomes">Chosen once for this restoring; its incarnation is higher than any that was seen.</param>
    /// <param name="raise">Called before the store has its new identity; more than once, if it was interrupted.</param>
    public static async Task<Outcome<EtcdStore>> OpenRestoredAsync(
        EtcdOptions options, StoreIdentity was, StoreIdentity becomes, Func<EtcdStore, Task<Outcome<Done>>> raise, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(becomes);
        ArgumentNullException.ThrowIfNull(raise);
        EtcdIdentity? found = null;
        var opened = await OpenAsync(options, time, async members =>
        {
            var read = await FindIdentityAsync(members, options, cancel);
            if (!read.TryGet(out found)) return read;
            return found.Store == was || found.Store == becomes ? found : NotRestored(options.Cluster, found.Store, was);
        }, cancel);
        if (!opened.TryGet(out var store)) return opened;
        var raised = found!.Store == becomes ? Outcome.Done : await raise(store);
        await using (store)
        {
            if (!raised.IsOk) return Outcome.Failed<EtcdStore>(raised.Problems);
            var renamed = found.Store == becomes ? Outcome.Done : await store.RenameAsync(found, becomes, cancel);
            if (!renamed.IsOk) return Outcome.Failed<EtcdStore>(renamed.Problems);
        }

        return await OpenAsync(options, null, time, cancel);
    }

    /// <summary>Nobody else has changed the identity since it was read, or it is the new one already.</summary>
    private async Task<Outcome<Done>> RenameAsync(EtcdIdentity was, StoreIdentity becomes, CancellationToken cancel)
    {
        var identity = new EtcdIdentity(becomes, members.Cluster).ToBytes();
        var change = new Wire.TxnRequest
        {
            Compare = { new Wire.Compare { Result = Wire.Compare.Types.CompareResult.Equal, Target = Wire.Compare.Types.CompareTarget.Value, Key = layout.Identity, Value = was.ToBytes() } },
            Success = { new Wire.RequestOp { RequestPut = new() { Key = layout.Identity, Value = identity } } },
            Failure = { new Wire.RequestOp { RequestRange = new() { Key = layout.Identity } } },
        };
        var reply = await members.CallAsync((c, o) => c.Kv.TxnAsync(change, o), r => r.Header, cancel);
        if (reply is not EtcdReply<Wire.TxnResponse>.Answer answer) return ProblemOf(reply);
        if (answer.Message.Succeeded || (answer.Message.Responses[0].ResponseRange.Kvs is [var now] && now.Value == identity)) return Outcome.Done;
        return StoreProblem.Unavailable("its identity was changed by somebody else meanwhile");
    }

    private static Problem NotRestored(string cluster, StoreIdentity found, StoreIdentity was) => new(
        ProblemKind.Damaged, "store.not-restored", $"The etcd does not hold the store of cluster {cluster} that was restored.")
    {
        Why = $"it holds {found.ClusterId} ({found.Incarnation}), and the backup is of {was.ClusterId} ({was.Incarnation})",
        Mend = "look whether the address is the one of the restored etcd; if another node's restoring came first, let this node join anew",
    };
}
