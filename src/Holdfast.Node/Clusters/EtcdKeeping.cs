using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>What a node that runs a member of etcd does for it while its agent runs: its vote, its certificates, snapshots, and what other members there are.</summary>
/// <param name="warn">Told of what somebody should know, a sentence each.</param>
public sealed class EtcdKeeping(Home home, Action<string> warn, TimeProvider time)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(5);

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(ClusterFile cluster, EtcdOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (cluster.Member is not { } member) return;
        var snapshots = new EtcdSnapshots(home, time);
        await VoteAsync(member, options, cancel);
        while (!cancel.IsCancellationRequested)
        {
            var wait = snapshots.DueIn();
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancel);
            var taken = await snapshots.TakeAsync(options, cancel);
            if (!taken.IsOk) warn($"No snapshot of etcd was taken: {string.Join("; ", taken.Problems)}");
            await EtcdMemberStart.RenewAsync(home, warn, time, cancel);
            var known = await NoteMembersAsync(options, cancel);
            if (!known.IsOk) warn($"The members of etcd are not known: {string.Join("; ", known.Problems)}");
            if (!taken.IsOk) await Task.Delay(AfterTrouble, time, cancel);
        }
    }

    /// <summary>A member that joined gets its vote as soon as it has caught up. Returns when it has it.</summary>
    public async Task VoteAsync(EtcdMemberFile member, EtcdOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(member);
        var told = false;
        while (!member.IsNew)
        {
            var listed = await EtcdStore.MembersAsync(options, time, cancel);
            if (listed.TryGet(out var all))
            {
                var own = all.FirstOrDefault(m => m.PeerUrls.Contains($"https://{member.PeerAddress}"));
                if (own is { IsLearner: false }) return;
                if (own is null && !told) warn($"{member.Name} is no member of the etcd: add it with `holdfast cluster member add` on the node that has etcd's authority.");
                told |= own is null;
                if (own is { Name.Length: > 0 }) await EtcdStore.PromoteMemberAsync(options, own.Id, time, cancel);
            }

            await Task.Delay(AskAgain, time, cancel);
        }
    }

    /// <summary>Members come and go: an agent that starts later asks those that there are now.</summary>
    public async Task<Outcome<Done>> NoteMembersAsync(EtcdOptions options, CancellationToken cancel)
    {
        var listed = await EtcdStore.MembersAsync(options, time, cancel);
        if (!listed.TryGet(out var all)) return Outcome.Failed<Done>(listed.Problems);
        var read = ClusterFile.Read(home);
        if (!read.IsOk) return Outcome.Failed<Done>(read.Problems);
        if (read.Value is not { } cluster) return Outcome.Done;
        string[] found = [.. all.Where(m => !m.IsLearner).SelectMany(m => m.ClientUrls).Order(StringComparer.Ordinal)];
        return found.Length == 0 || found.SequenceEqual(cluster.Etcd.Order(StringComparer.Ordinal))
            ? Outcome.Done
            : (cluster with { Etcd = [.. found.OrderByDescending(url => url == $"https://{cluster.Member?.ClientAddress}")] }).Write(home);
    }
}
