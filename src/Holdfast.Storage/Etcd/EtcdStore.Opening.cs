using Google.Protobuf;
using Holdfast.Core.Problems;

namespace Holdfast.Storage.Etcd;

public sealed partial class EtcdStore
{
    /// <summary>
    /// Makes the store of a new cluster in an etcd. Problems: <c>store.exists</c> (a cluster of that name lives there), those of
    /// <see cref="OpenAsync"/>.
    /// </summary>
    public static Task<Outcome<EtcdStore>> CreateAsync(EtcdOptions options, TimeProvider time, CancellationToken cancel) =>
        CreateAsync(options, new StoreIdentity(Guid.NewGuid().ToString("n"), 1), time, cancel);

    /// <summary>As the other, under an identity that was chosen before: where a store of that identity is there, an earlier call made it, and it is opened.</summary>
    public static Task<Outcome<EtcdStore>> CreateAsync(EtcdOptions options, StoreIdentity identity, TimeProvider time, CancellationToken cancel) =>
        OpenAsync(options, time, members => MakeIdentityAsync(members, options, identity, cancel), cancel);

    /// <summary>
    /// Opens the store of a cluster. Problems: <c>store.missing</c>, <c>store.exchanged</c> (another store, or another etcd, than before), <c>store.went-back</c>,
    /// <c>store.foreign</c>, <c>store.refused</c>, <c>store.not-etcd</c>, <c>store.etcd-version</c>, <c>store.unavailable</c>.
    /// </summary>
    /// <param name="remembered">What this node last saw of it; null: nothing yet.</param>
    public static Task<Outcome<EtcdStore>> OpenAsync(EtcdOptions options, StoreMoment? remembered, TimeProvider time, CancellationToken cancel) =>
        OpenAsync(options, time, members => ReadIdentityAsync(members, options, remembered, cancel), cancel);

    private static async Task<Outcome<EtcdStore>> OpenAsync(
        EtcdOptions options, TimeProvider time, Func<EtcdMembers, Task<Outcome<EtcdIdentity>>> identify, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Wrong(options) is { } wrong) return wrong;
        var members = new EtcdMembers(options, time);
        EtcdStore? store = null;
        try
        {
            var versions = await VersionsAsync(members, cancel);
            if (!versions.TryGet(out var warnings)) return Outcome.Failed<EtcdStore>(versions.Problems);
            var identity = await identify(members);
            if (!identity.TryGet(out var known)) return Outcome.Failed<EtcdStore>(identity.Problems);
            store = new EtcdStore(options, known.Store, members, warnings, time);
            return store;
        }
        finally
        {
            if (store is null) members.Dispose();
        }
    }

    private static Problem? Wrong(EtcdOptions options)
    {
        if (options.Endpoints.Count == 0) return BadOptions("it names no member", "name one or several, as https://host:2379");
        if (options.Endpoints.FirstOrDefault(e => e.Scheme is not ("http" or "https")) is { } odd)
            return BadOptions($"{odd} is neither http nor https", "name members as https://host:2379");
        if (options.Identity is not null && options.Endpoints.FirstOrDefault(e => e.Scheme != Uri.UriSchemeHttps) is { } plain)
            return BadOptions($"{plain} is not https, and a certificate is to be shown", "name members as https://host:2379");
        return ClusterName.Wrong(options.Cluster) is { } why ? BadOptions(why, "choose a name of 1 to 40 lower-case letters, digits and hyphens, as prod or payments-eu") : null;
    }

    private static Problem BadOptions(string why, string mend) => new(ProblemKind.BadInput, "store.etcd-options", $"The etcd cannot be used as it is named: {why}.") { Mend = mend };

    /// <summary>What is to be said of the members' versions. A member that does not answer is asked at a later start; one at least must.</summary>
    private static async Task<Outcome<IReadOnlyList<string>>> VersionsAsync(EtcdMembers members, CancellationToken cancel)
    {
        var asked = await members.CallAsync((c, o) => c.Maintenance.StatusAsync(new(), o), r => r.Header, cancel);
        if (asked is not EtcdReply<Wire.StatusResponse>.Answer answered) return ProblemOf(asked);
        var others = await Task.WhenAll(members.All.Where(m => m != members.Preferred).Select(m => members.VersionAsync(m, cancel)));
        var judged = others.Select(v => v.Value).OfType<string>().Append(answered.Message.Version).Distinct().Select(v => (Version: v, Judgement: EtcdVersions.Judge(v))).ToList();
        var refused = judged.Where(j => j.Judgement.Refused is not null).ToList();
        if (refused.Count == 0) return Outcome.Of<IReadOnlyList<string>>([.. judged.SelectMany(j => j.Judgement.Warnings).Distinct()]);
        return refused.ConvertAll(r => new Problem(ProblemKind.Refused, "store.etcd-version", $"This etcd is not used: {r.Judgement.Refused}.")
        {
            Mend = $"run etcd {EtcdVersions.Advised}",
        });
    }

    private static async Task<Outcome<EtcdIdentity>> MakeIdentityAsync(EtcdMembers members, EtcdOptions options, StoreIdentity chosen, CancellationToken cancel)
    {
        var key = new EtcdKeys(options.Cluster).Identity;
        var identity = new EtcdIdentity(chosen, members.Cluster);
        var make = new Wire.TxnRequest
        {
            Compare = { EtcdTransactions.Absent(key) },
            Success = { new Wire.RequestOp { RequestPut = new() { Key = key, Value = identity.ToBytes() } } },
            Failure = { new Wire.RequestOp { RequestRange = new() { Key = key } } },
        };
        var reply = await members.CallAsync((c, o) => c.Kv.TxnAsync(make, o), r => r.Header, cancel);
        if (reply is not EtcdReply<Wire.TxnResponse>.Answer answer) return ProblemOf(reply);
        // An attempt before may have made it: then what is there is ours.
        return answer.Message.Succeeded || answer.Message.Responses[0].ResponseRange.Kvs[0].Value == identity.ToBytes()
            ? identity
            : Exists(options.Cluster, members.Preferred.Endpoint);
    }

    private static async Task<Outcome<EtcdIdentity>> ReadIdentityAsync(EtcdMembers members, EtcdOptions options, StoreMoment? remembered, CancellationToken cancel)
    {
        if (remembered is not null) members.Remember(remembered.Revision);
        var read = await FindIdentityAsync(members, options, cancel);
        if (!read.TryGet(out var identity)) return read;
        if (identity.Etcd != members.Cluster) return EtcdFailure.Exchanged(members.Preferred.Endpoint, members.Cluster, identity.Etcd);
        return remembered is not null && remembered.Identity != identity.Store ? OtherStore(options.Cluster, identity.Store, remembered.Identity) : identity;
    }

    /// <summary>As it is written there, whether it is of this etcd or not.</summary>
    private static async Task<Outcome<EtcdIdentity>> FindIdentityAsync(EtcdMembers members, EtcdOptions options, CancellationToken cancel)
    {
        var key = new EtcdKeys(options.Cluster).Identity;
        var reply = await members.CallAsync((c, o) => c.Kv.RangeAsync(new() { Key = key }, o), r => r.Header, cancel);
        if (reply is not EtcdReply<Wire.RangeResponse>.Answer answer) return ProblemOf(reply);
        return answer.Message.Kvs.Count == 0 ? Missing(options.Cluster, members.Preferred.Endpoint) : EtcdIdentity.Read(answer.Message.Kvs[0].Value, key.ToStringUtf8());
    }

    private static Problem Exists(string cluster, Uri endpoint) => new(
        ProblemKind.Conflict, "store.exists", $"A cluster named {cluster} lives in the etcd at {endpoint.Authority} already.")
    {
        Mend = "join it instead, or choose another name: clusters with different names can share an etcd",
    };

    private static Problem Missing(string cluster, Uri endpoint) => new(
        ProblemKind.Damaged, "store.missing", $"The etcd at {endpoint.Authority} holds no cluster named {cluster}.")
    {
        Why = "a new, empty store would forget which services should run",
        Mend = "look at the name and the address; if the etcd has lost its data, restore a backup with `holdfast cluster restore`",
    };

    private static Problem OtherStore(string cluster, StoreIdentity found, StoreIdentity expected) => new(
        ProblemKind.Damaged, "store.exchanged", $"The store of cluster {cluster} is not the one that this node used.")
    {
        Why = $"its identity is {found.ClusterId} ({found.Incarnation}), and {expected.ClusterId} ({expected.Incarnation}) is expected",
        Mend = "if it was restored from a backup on purpose, let the node join it anew: what it remembers of the former one must not be used",
    };
}
