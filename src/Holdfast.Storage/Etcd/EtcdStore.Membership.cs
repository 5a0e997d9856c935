using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;

namespace Holdfast.Storage.Etcd;

public sealed partial class EtcdStore
{
    /// <summary>All members of the etcd, those too that do not run.</summary>
    public static Task<Outcome<IReadOnlyList<EtcdVoter>>> MembersAsync(EtcdOptions options, TimeProvider time, CancellationToken cancel) =>
        MembershipAsync(options, (c, o) => c.Cluster.MemberListAsync(new() { Linearizable = true }, o), r => r.Header, r => All(r.Members), time, cancel);

    /// <summary>
    /// Adds a member that has no vote yet (a learner): one that is not there yet must not count in the majority. Answers all members; one with that
    /// address that is there already is left as it is.
    /// </summary>
    public static async Task<Outcome<IReadOnlyList<EtcdVoter>>> AddMemberAsync(EtcdOptions options, string peerUrl, TimeProvider time, CancellationToken cancel)
    {
        var listed = await MembersAsync(options, time, cancel);
        if (!listed.IsOk || listed.Value.Any(m => m.PeerUrls.Contains(peerUrl))) return listed;
        return await MembershipAsync(
            options, (c, o) => c.Cluster.MemberAddAsync(new() { PeerURLs = { peerUrl }, IsLearner = true }, o), r => r.Header, r => All(r.Members), time, cancel);
    }

    /// <summary>Gives a learner its vote; refused (<c>store.refused-membership</c>) until it has caught up.</summary>
    public static Task<Outcome<IReadOnlyList<EtcdVoter>>> PromoteMemberAsync(EtcdOptions options, ulong member, TimeProvider time, CancellationToken cancel) =>
        MembershipAsync(options, (c, o) => c.Cluster.MemberPromoteAsync(new() { ID = member }, o), r => r.Header, r => All(r.Members), time, cancel);

    /// <summary>Its vote is gone when this answers.</summary>
    public static Task<Outcome<IReadOnlyList<EtcdVoter>>> RemoveMemberAsync(EtcdOptions options, ulong member, TimeProvider time, CancellationToken cancel) =>
        MembershipAsync(options, (c, o) => c.Cluster.MemberRemoveAsync(new() { ID = member }, o), r => r.Header, r => All(r.Members), time, cancel);

    private static async Task<Outcome<IReadOnlyList<EtcdVoter>>> MembershipAsync<T>(
        EtcdOptions options, Func<EtcdConnection, CallOptions, Task<T>> call, Func<T, Wire.ResponseHeader> header, Func<T, IReadOnlyList<EtcdVoter>> read, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var members = new EtcdMembers(options, time);
        // These answers have no revision of the keys.
        var reply = await members.CallAsync(call, header, cancel);
        return reply switch
        {
            EtcdReply<T>.Answer answer => Outcome.Of(read(answer.Message)),
            EtcdReply<T>.Refusal { Code: StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.InvalidArgument } refusal =>
                new Problem(ProblemKind.Conflict, "store.refused-membership", "The etcd does not change its members so.") { Why = refusal.Problem.What },
            _ => ProblemOf(reply),
        };
    }

    private static IReadOnlyList<EtcdVoter> All(IEnumerable<Wire.Member> members) =>
        [.. members.Select(m => new EtcdVoter(m.ID, m.Name, [.. m.PeerURLs], [.. m.ClientURLs], m.IsLearner)).OrderBy(m => m.Name, StringComparer.Ordinal)];
}

/// <summary>A member as the etcd counts it.</summary>
/// <param name="Name">Empty: it has never run.</param>
/// <param name="ClientUrls">Where it answers; empty while it has never run.</param>
/// <param name="IsLearner">It has no vote.</param>
public sealed record EtcdVoter(ulong Id, string Name, IReadOnlyList<string> PeerUrls, IReadOnlyList<string> ClientUrls, bool IsLearner);
