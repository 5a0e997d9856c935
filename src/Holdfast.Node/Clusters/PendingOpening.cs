using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>What is left to do before a cluster's store is opened: it is yet to be made, or its etcd was put back and it must become another store.</summary>
internal static class PendingOpening
{
    /// <summary>Done where nothing is left.</summary>
    public static async Task<Outcome<Done>> FinishAsync(Home home, ClusterFile cluster, EtcdOptions options, TimeProvider time, CancellationToken cancel)
    {
        var founding = Founding.Read(home);
        if (!founding.IsOk) return Outcome.Failed<Done>(founding.Problems);
        if (founding.Value is { } begun && begun.Cluster == cluster.Name)
        {
            var made = await begun.FinishAsync(home, options, time, cancel);
            if (!made.IsOk) return made;
            var ended = Founding.End(home);
            if (!ended.IsOk) return ended;
        }

        var restoring = Restoring.Read(home);
        if (!restoring.IsOk) return Outcome.Failed<Done>(restoring.Problems);
        return restoring.Value is { } put ? await put.FinishAsync(home, cluster, options, time, cancel) : Outcome.Done;
    }
}
