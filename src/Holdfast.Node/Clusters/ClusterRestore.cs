using System.Globalization;
using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Node.Supervisors;
using Holdfast.Packaging.Content;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Puts a backup of the cluster's store in the place of the etcd that this node runs: an etcd of one member, which is another than before, so that no member of the former one can be
/// taken for one of it. The former data is kept. The store itself is made another one when an agent opens it (<see cref="PendingOpening"/>).
/// </summary>
/// <param name="say">Told of each step: its name, and a sentence.</param>
public sealed class ClusterRestore(Home home, Action<string, string> say, TimeProvider time)
{
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(1), StopWithin = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Problems: <c>cluster.*</c>, <c>trust.host-executable*</c>, <c>etcd.tool</c>, <c>files.*</c>.</summary>
    /// <param name="expected">The backup's digest; null: whatever it is.</param>
    /// <param name="tool">etcdutl or etcdctl, absolute; null: what lies beside etcd.</param>
    /// <param name="stop">A member that runs is stopped; else it is in the way.</param>
    /// <param name="byHand">The etcd is not Holdfast's, and its snapshot was restored by its own tools: what is left to do is that the store becomes another one.</param>
    public async Task<Outcome<RestoredCluster>> RunAsync(string file, string? expected, string? tool, bool stop, bool byHand, CancellationToken cancel)
    {
        var read = ClusterFile.Need(home);
        if (!read.TryGet(out var cluster)) return Outcome.Failed<RestoredCluster>(read.Problems);
        if (cluster.Member is null && !byHand) return NotManaged(cluster);
        if (cluster.Member is not null && byHand) return Managed(cluster);
        var locked = await FileLock.TakeAsync(home.AgentLock, LockWithin, time, cancel);
        if (!locked.TryGet(out var held)) return Outcome.Failed<RestoredCluster>([.. locked.Problems.Select(p => p.Kind == ProblemKind.Conflict ? ClusterBeginning.AgentRuns(home, p) : p)]);
        using (held)
        {
            var stopped = cluster.Member is { } runs ? await StopAsync(runs, stop, cancel) : Outcome.Done;
            if (!stopped.IsOk) return Outcome.Failed<RestoredCluster>(stopped.Problems);
            try
            {
                return await PutAsync(cluster, file, expected, tool, cancel);
            }
            catch (Exception e) when (FileTrouble.Is(e))
            {
                return FileTrouble.From(e, $"put a backup into {home.Etcd}");
            }
        }
    }

    private async Task<Outcome<RestoredCluster>> PutAsync(ClusterFile cluster, string file, string? expected, string? tool, CancellationToken cancel)
    {
        var snapshot = Path.Combine(home.Etcd, "restoring.db");
        var prepared = FolderRights.Ensure(home.Etcd, FolderRights.OwnerOnly).Then(_ => DurableFolder.Sweep(home.Etcd));
        if (!prepared.IsOk) return Outcome.Failed<RestoredCluster>(prepared.Problems);
        File.Delete(snapshot);
        var opened = await ClusterBackup.OpenAsync(file, expected, snapshot, cancel);
        if (!opened.TryGet(out var backup)) return Outcome.Failed<RestoredCluster>(opened.Problems);
        if (backup.Cluster != cluster.Name) return OtherCluster(backup, cluster);
        say("verified", $"{backup.Digest}: cluster {backup.Cluster} at revision {backup.Revision}, taken {backup.TakenAt:u}");
        var seen = new SeenStore(home).Read();
        if (!seen.IsOk) return Outcome.Failed<RestoredCluster>(seen.Problems);
        string? aside = null;
        if (cluster.Member is { } member)
        {
            var alone = member with { Peers = new Dictionary<string, string> { [member.Name] = $"https://{member.PeerAddress}" }, IsNew = true };
            var fresh = Path.Combine(home.Etcd, "data.restoring");
            var made = await MakeAsync(alone, tool ?? Tool(member), snapshot, fresh, cancel);
            if (!made.IsOk) return Outcome.Failed<RestoredCluster>(made.Problems);
            say("made", "an etcd of one member from its snapshot");
            aside = Swap(fresh);
            cluster = cluster with { Member = alone, Etcd = [$"https://{member.ClientAddress}"] };
        }

        File.Delete(snapshot);
        // Last of all. An agent that started before it would refuse this etcd, which is another.
        var restoring = new Restoring(backup.StoreId, backup.Incarnation, Guid.NewGuid().ToString("n"), Math.Max(backup.Incarnation, seen.Value?.Identity.Incarnation ?? 0) + 1, time.GetUtcNow());
        return cluster.Write(home)
            // A store that was yet to be made is not made: the restored one is it.
            .Then(_ => DurableFile.Delete(Founding.PathIn(home)))
            .Then(_ => restoring.Write(home))
            .Then(_ => Outcome.Of(new RestoredCluster(backup, restoring.BecomesIncarnation, aside)));
    }

    private async Task<Outcome<string>> MakeAsync(EtcdMemberFile alone, string tool, string snapshot, string fresh, CancellationToken cancel)
    {
        var admitted = await PinnedTool.AdmitAsync(tool, home, time, cancel);
        if (!admitted.IsOk) return admitted;
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        // Of a token of its own: its members and their ids are unlike those of the former one, whatever their addresses.
        return await PinnedTool.RunAsync(
            tool,
            [
                "snapshot", "restore", snapshot, "--data-dir", fresh, "--name", alone.Name, "--initial-cluster", $"{alone.Name}={alone.Peers[alone.Name]}",
                "--initial-advertise-peer-urls", alone.Peers[alone.Name], "--initial-cluster-token", Guid.NewGuid().ToString("n"),
            ],
            cancel);
    }

    /// <summary>Where the former data is now; null: there was none.</summary>
    private string? Swap(string fresh)
    {
        var data = EtcdMember.DataFolder(home);
        string? aside = null;
        if (Directory.Exists(data))
        {
            aside = $"{data}.before-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
            Directory.Move(data, aside);
        }

        Directory.Move(fresh, data);
        DurableFolder.Sync(home.Etcd);
        return aside;
    }

    private async Task<Outcome<Done>> StopAsync(EtcdMemberFile member, bool stop, CancellationToken cancel)
    {
        await using var supervisor = new SupervisorClient(new SupervisorPlace(home), time);
        var began = time.GetTimestamp();
        for (var asked = false; ; asked = true)
        {
            var listed = await supervisor.ListAsync(cancel);
            if (!listed.IsOk || !listed.Value.Any(s => s.Instance == EtcdMember.Instance)) break;
            if (!stop) return Runs($"its supervisor keeps the instance {EtcdMember.Instance}");
            if (!asked)
            {
                say("stopping", $"the member {member.Name}");
                var removed = await supervisor.RemoveAsync(EtcdMember.Instance, cancel);
                if (!removed.IsOk) return removed;
            }

            if (time.GetElapsedTime(began) > StopWithin) return Runs($"it has not ended within {StopWithin.TotalSeconds:0} s");
            await Task.Delay(Pause, time, cancel);
        }

        return await AnswersAsync(member.PeerAddress, cancel) ? Runs($"something answers at {member.PeerAddress}") : Outcome.Done;
    }

    private static async Task<bool> AnswersAsync(string address, CancellationToken cancel)
    {
        var uri = new Uri($"https://{address}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(uri.Host, uri.Port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>3.5 has its own tool for what files hold; before, and still, etcdctl does it.</summary>
    private static string Tool(EtcdMemberFile member)
    {
        var folder = Path.GetDirectoryName(member.Executable)!;
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var own = Path.Combine(folder, "etcdutl" + suffix);
        return File.Exists(own) ? own : Path.Combine(folder, "etcdctl" + suffix);
    }

    private static Problem Runs(string why) => new(ProblemKind.Conflict, "cluster.etcd-runs", "This node's member of etcd runs.")
    {
        Why = why,
        Mend = "stop it with --stop-etcd; and stop the agents of all nodes first",
    };

    private static Problem NotManaged(ClusterFile cluster) => new(ProblemKind.Conflict, "cluster.not-managed", $"This node runs no member of the etcd of {cluster.Name}.")
    {
        Mend = "run it on the node that does; if no node does, restore the snapshot in the backup (unzip it) with etcd's own tools into a new etcd, and then run it with --by-hand",
    };

    private static Problem Managed(ClusterFile cluster) => new(ProblemKind.Conflict, "cluster.managed", $"This node runs a member of the etcd of {cluster.Name}.")
    {
        Mend = "leave --by-hand out: it is restored here",
    };

    private static Problem OtherCluster(ClusterBackup backup, ClusterFile cluster) =>
        new(ProblemKind.Conflict, "cluster.backup-of-other", $"The backup is of the cluster {backup.Cluster}, and this node belongs to {cluster.Name}.") { Mend = "look for the right file" };
}

/// <summary>A restoring that is done but for the first opening.</summary>
/// <param name="Incarnation">The one that the store will have.</param>
/// <param name="Aside">Where the former data of etcd is; null: there was none.</param>
public sealed record RestoredCluster(ClusterBackup Backup, long Incarnation, string? Aside);
