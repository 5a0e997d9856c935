using Holdfast.Core.Problems;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>Opens the store of a cluster for an agent: what is only away is waited for, for services go on without it (law 9).</summary>
internal static class ClusterOpening
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <param name="supervisorExecutable">Null: somebody else starts the supervisor.</param>
    public static async Task<Outcome<IStore>> OpenAsync(Home home, ClusterFile file, string? supervisorExecutable, ILoggerFactory loggers, TimeProvider time, CancellationToken cancel)
    {
        var log = loggers.CreateLogger(typeof(ClusterOpening));
        var told = "";
        while (true)
        {
            var runs = await EtcdAsync(home, file, supervisorExecutable, warning => Log.StoreWarning(log, warning), time, cancel);
            var opened = runs.IsOk ? await ClusterStore.OpenAsync(home, file, time, cancel) : Outcome.Failed<EtcdStore>(runs.Problems);
            if (opened.TryGet(out var store))
            {
                Log.Joined(log, file.Node, file.Name, string.Join(", ", file.Etcd));
                foreach (var warning in store.Warnings) Log.StoreWarning(log, warning);
                return store;
            }

            if (opened.Problems[0].Kind != ProblemKind.Unavailable) return Outcome.Failed<IStore>(opened.Problems);
            var problems = string.Join("; ", opened.Problems);
            if (problems != told) Log.StoreAway(log, problems);
            told = problems;
            await Task.Delay(Again, time, cancel);
        }
    }

    /// <summary>Where this node runs a member of etcd, that is the first thing: the store may be waiting for its vote. Where it ran one, that goes.</summary>
    private static async Task<Outcome<Done>> EtcdAsync(Home home, ClusterFile file, string? supervisorExecutable, Action<string> warn, TimeProvider time, CancellationToken cancel)
    {
        var place = new SupervisorPlace(home);
        var running = supervisorExecutable is { } executable ? await SupervisorLauncher.EnsureRunningAsync(place, time, cancel, executable) : new SupervisorClient(place, time);
        if (!running.TryGet(out var supervisor)) return Outcome.Failed<Done>(running.Problems);
        await using (supervisor)
        {
            return file.Member is { } member
                ? await EtcdMemberStart.EnsureAsync(supervisor, member, home, warn, time, cancel)
                : await EtcdMemberStart.EnsureNoneAsync(supervisor, cancel);
        }
    }
}
