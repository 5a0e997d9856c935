using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Storage.Etcd;

public sealed partial class EtcdStore
{
    /// <summary>
    /// Asks the member that leads the etcd to let another one with a vote lead; answers when that one does. It is tried once: whether a try without an answer was one, the members' state
    /// says. Problems: <c>store.refused-leader</c> (no such member, or it has no vote, or the leader changed meanwhile), <c>store.*</c>.
    /// </summary>
    /// <param name="member">By the number that etcd gave it.</param>
    public static async Task<Outcome<Done>> MoveLeaderAsync(EtcdOptions options, ulong member, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var states = await StatusAsync(options, time, cancel);
        if (states.FirstOrDefault(state => state.IsLeader) is not { } leader) return StoreProblem.Unavailable("none of the members that answer leads the etcd");
        using var only = new EtcdMembers(options with { Endpoints = [leader.Endpoint] }, time);
        // Its answer says nothing of revisions, and not even which etcd it is of; the leader's state has just said that.
        var reply = await only.RaceAsync((c, o) => c.Maintenance.MoveLeaderAsync(new() { TargetID = member }, o), _ => new Wire.ResponseHeader(), cancel);
        return reply switch
        {
            EtcdReply<Wire.MoveLeaderResponse>.Answer => Outcome.Done,
            EtcdReply<Wire.MoveLeaderResponse>.Refusal { Code: StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.InvalidArgument } refusal =>
                new Problem(ProblemKind.Conflict, "store.refused-leader", "The etcd does not let that member lead.") { Why = refusal.Problem.What },
            _ => ProblemOf(reply),
        };
    }
}
