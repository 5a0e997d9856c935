namespace Holdfast.Storage.Etcd;

public sealed partial class EtcdStore
{
    /// <summary>How each member is, in the order of the options. One that does not answer in time is told with its problem.</summary>
    public static async Task<IReadOnlyList<EtcdMemberState>> StatusAsync(EtcdOptions options, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var members = new EtcdMembers(options, time);
        return await Task.WhenAll(members.All.Select(m => StatusAsync(m, members, options, cancel)));
    }

    private static async Task<EtcdMemberState> StatusAsync(EtcdMember member, EtcdMembers members, EtcdOptions options, CancellationToken cancel)
    {
        if (await members.LogInAsync(member, again: false, cancel) is { } refused) return new(member.Endpoint) { Problem = refused.Problem };
        try
        {
            var said = await member.Connection.Maintenance.StatusAsync(new(), member.Options(options.AttemptTimeout, cancel, needsLeader: false));
            return new(member.Endpoint)
            {
                Id = said.Header.MemberId,
                Version = said.Version,
                IsLeader = said.Leader == said.Header.MemberId,
                HasLeader = said.Leader != 0,
                IsLearner = said.IsLearner,
                Revision = said.Header.Revision,
                Applied = said.RaftAppliedIndex,
                FileBytes = said.DbSize,
                UsedBytes = said.DbSizeInUse,
                Errors = [.. said.Errors],
            };
        }
        catch (Rpc.RpcException e)
        {
            cancel.ThrowIfCancellationRequested();
            return new(member.Endpoint) { Problem = EtcdFailure.Of(e, member.Endpoint).Problem };
        }
    }
}
