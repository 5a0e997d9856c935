using Holdfast.Core.Problems;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>
/// A machine that votes in the cluster's store and does nothing else: no agent, no services. What it is, is in the file <c>witness.json</c> of its home, of the form of a node's
/// <c>cluster.json</c>. Its member of etcd is kept by a supervisor, as a node's is.
/// </summary>
/// <param name="warn">Told of what somebody should know, a sentence each.</param>
public sealed class Witness(Home home, Action<string> warn, TimeProvider time)
{
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(1), LookEvery = TimeSpan.FromHours(1), Pause = TimeSpan.FromSeconds(2), StopWithin = TimeSpan.FromSeconds(40);

    private string File => Path.Combine(home.Path, "witness.json");

    /// <summary>Makes a witness of this home. Done again with another file of the same member, it gets new certificates. Problems: <c>cluster.*</c>, those of a pin.</summary>
    public async Task<Outcome<EtcdMemberFile>> InitAsync(MemberBundle bundle, string executable, bool onWindows, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (ClusterFile.IsIn(home)) return IsNode(home);
        var read = ClusterFile.ReadFrom(File);
        if (!read.IsOk) return Outcome.Failed<EtcdMemberFile>(read.Problems);
        if (read.Value is { } present && present.Name != bundle.Cluster) return EtcdMembership.OtherCluster(bundle, present.Name);
        var placed = await new EtcdMembership(home, time).PlaceAsync(bundle, read.Value?.Member, executable, onWindows, warn, cancel);
        if (!placed.TryGet(out var member)) return placed;
        var own = $"https://{member.ClientAddress}";
        var witness = new ClusterFile { Name = bundle.Cluster, Node = member.Name, Etcd = [.. bundle.Etcd.Where(url => url != own), own], Member = member };
        return DurableFile.Write(File, witness.ToBytes()).Then(_ => Outcome.Of(member));
    }

    /// <summary>Runs the member until it is cancelled, and stops it then. Problems: why it could not begin.</summary>
    /// <param name="supervisor">The supervisor's executable, absolute.</param>
    /// <param name="ready">Called when etcd was given to the supervisor for the first time.</param>
    public async Task<Outcome<Done>> RunAsync(string supervisor, Action ready, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(ready);
        var read = ClusterFile.ReadFrom(File);
        if (!read.IsOk) return Outcome.Failed<Done>(read.Problems);
        if (read.Value is not { Member: { } member } witness) return NoWitness(home);
        var options = ClusterStore.Options(home, witness);
        if (!options.TryGet(out var how)) return Outcome.Failed<Done>(options.Problems);
        var locked = await FileLock.TakeAsync(home.AgentLock, LockWithin, time, cancel);
        if (!locked.TryGet(out var held)) return Outcome.Failed<Done>(locked.Problems);
        using (held)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var voting = new EtcdKeeping(home, warn, time).VoteAsync(member, how, ending.Token);
            try
            {
                return await KeepAsync(member, supervisor, ready, cancel);
            }
            finally
            {
                await ending.CancelAsync();
                await voting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<Outcome<Done>> KeepAsync(EtcdMemberFile member, string executable, Action ready, CancellationToken cancel)
    {
        var begun = false;
        while (true)
        {
            var running = await SupervisorLauncher.EnsureRunningAsync(new(home), time, CancellationToken.None, executable);
            if (!running.TryGet(out var client)) return Outcome.Failed<Done>(running.Problems);
            await using (client)
            {
                var given = await EtcdMemberStart.EnsureAsync(client, member, home, warn, time, CancellationToken.None);
                if (!given.IsOk && !begun) return given;
                if (!given.IsOk) warn(string.Join("; ", given.Problems));
                if (given.IsOk && !begun) ready();
                begun |= given.IsOk;
                // Until the supervisor is lost, somebody wants it to end, or it is time to look at the certificates.
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                await Task.WhenAny(client.WaitForLossAsync(waiting.Token), Task.Delay(LookEvery, time, waiting.Token));
                await waiting.CancelAsync();
                if (cancel.IsCancellationRequested) return await StopAsync(client);
            }

            await Task.Delay(Pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Outcome<Done>> StopAsync(SupervisorClient client)
    {
        var began = time.GetTimestamp();
        var removed = await client.RemoveAsync(EtcdMember.Instance, CancellationToken.None);
        while (removed.IsOk && time.GetElapsedTime(began) < StopWithin)
        {
            var listed = await client.ListAsync(CancellationToken.None);
            if (!listed.IsOk || !listed.Value.Any(s => s.Instance == EtcdMember.Instance)) return Outcome.Done;
            await Task.Delay(Pause / 20, time, CancellationToken.None);
        }

        return removed.IsOk ? new Problem(ProblemKind.Failed, "witness.not-stopped", $"etcd has not ended within {StopWithin.TotalSeconds:0} s.") : removed;
    }

    private static Problem IsNode(Home home) => new(ProblemKind.Conflict, "witness.is-node", $"{home.Path} is a node of a cluster.")
    {
        Mend = "a node takes the file with `holdfast cluster member take`; a witness has a machine of its own",
    };

    private static Problem NoWitness(Home home) => new(ProblemKind.NotFound, "witness.none", $"There is no witness in {home.Path}.")
    {
        Mend = "make one: `holdfast witness init --from FILE`, with a file of `holdfast cluster member add`",
    };
}
