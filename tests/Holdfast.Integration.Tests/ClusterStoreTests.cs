using System.Diagnostics;
using System.Security.Cryptography;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Node.Clusters;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Holdfast.Storage.Sqlite;
using Holdfast.Testing.Storage;

namespace Holdfast.Integration.Tests;

/// <summary>The cluster's store with the real programs: a member under its supervisor, a witness, a restoring, and a migration that is killed.</summary>
public sealed class ClusterStoreTests : IDisposable
{
    private static readonly string supervisor = Path.Combine(Programs.Folder, "holdfast-supervisor");

    private readonly CancellationTokenSource deadline = new(TimeSpan.FromMinutes(4), TimeProvider.System);

    public void Dispose() => deadline.Dispose();

    [EtcdctlFact]
    public async Task A_member_under_a_supervisor_a_witness_that_votes_and_a_restoring()
    {
        await using var node = TestNode.Create();
        await using var witness = TestNode.Create();
        foreach (var one in new[] { node, witness }) await PinnedAsync(one);
        var ports = EtcdCluster.FreePorts(4);
        (await node.HoldfastAsync("cluster", "init", "--name", "prod", "--etcd", "managed", "--node", "node-1", "--address", "127.0.0.1:7420", "--lease", "2s", "--etcd-port", $"{ports[0]}", "--etcd-peer-port", $"{ports[1]}")).Ok();
        var home = new Home(node.Home);
        await using (var first = await StartAsync(home))
        await using (var store = await OpenAsync(home))
        {
            // Killed, it is back under the same store, and nobody has asked for that.
            var pid = (await first.ListAsync(deadline.Token)).Value.Single().Pid!.Value;
            using (var etcd = Process.GetProcessById(pid)) etcd.Kill();
            await Eventually.SeeAsync("another etcd", () => first.ListAsync(deadline.Token), list => list.IsOk && list.Value.Single().Pid is { } other && other != pid);
            Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new Transaction { Then = [new Operation.Put("/holdfast/v1/a", "1")] }, deadline.Token));
        }


        var file = Path.Combine(node.Work, "witness.etcd-member");
        (await node.HoldfastAsync("cluster", "member", "add", "--name", "witness", "--address", "127.0.0.1", "--etcd-port", $"{ports[2]}", "--etcd-peer-port", $"{ports[3]}")).Ok();
        (await witness.HoldfastAsync("witness", "init", "--from", file)).Ok();
        using (var voting = Launch(witness))
        {
            await Eventually.SeeAsync("a witness that votes", () => node.HoldfastAsync("cluster", "member", "list"), list => list.ExitCode == 0 && list.Output.Split('\n').Any(l => l.StartsWith("witness", StringComparison.Ordinal) && l.Contains("voter", StringComparison.Ordinal)));
            (await node.HoldfastAsync("cluster", "backup", "prod.hfcluster")).Ok();
            voting.Send("-TERM");
            Assert.Equal(0, await voting.EndAsync(deadline.Token));
        }

        var refused = await node.HoldfastAsync("cluster", "restore", "prod.hfcluster");
        Assert.Contains("[cluster.etcd-runs]", refused.Error, StringComparison.Ordinal);
        (await node.HoldfastAsync("cluster", "restore", "prod.hfcluster", "--stop-etcd")).Ok();
        await using var client = await StartAsync(home);
        await using (var restored = await OpenAsync(home)) Assert.Equal(2, restored.Identity.Incarnation);
        (await node.HoldfastAsync("cluster", "member", "list")).Ok();
        Assert.True((await EtcdMemberStart.EnsureNoneAsync(client, deadline.Token)).IsOk);
        await Eventually.SeeAsync("a supervisor without etcd", () => client.ListAsync(deadline.Token), list => list.IsOk && list.Value.Count == 0);
    }

    [EtcdFact]
    public async Task Law11_a_migration_that_is_killed_at_any_moment_ends_well_when_it_is_run_again()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        await using var node = TestNode.Create();
        var home = new Home(node.Home);
        Directory.CreateDirectory(home.Path);
        var documents = Enumerable.Range(0, 400).ToDictionary(i => $"/holdfast/v1/releases/orders/{i:D8}", i => new string('x', 10_000 + i));
        await using (var store = SqliteStore.Create(home.Store, new() { SyncFolder = DurableFolder.Sync }, TimeProvider.System).Value)
        {
            foreach (var batch in documents.Chunk(50))
                Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new Transaction { Then = [.. batch.Select(d => new Operation.Put(d.Key, d.Value))] }, deadline.Token));
        }

        string[] migrate = ["store", "migrate", "--name", "prod", "--etcd", etcd.Members[0].Endpoint.OriginalString, "--node", "node-1"];
        // From before anything is done to after all of it: whatever it meets, the next one goes on.
        for (var after = TimeSpan.FromMilliseconds(150); !ClusterFile.IsIn(home) && after < TimeSpan.FromSeconds(10); after += TimeSpan.FromMilliseconds(60))
        {
            using var killed = Launch(node, migrate);
            await Task.WhenAny(killed.EndAsync(deadline.Token), Task.Delay(after, TimeProvider.System, deadline.Token));
        }

        var last = await node.HoldfastAsync(migrate);
        Assert.True(last.ExitCode == 0 || last.Error.Contains("[cluster.member-already]", StringComparison.Ordinal), last.Error);
        Assert.False(File.Exists(home.Store));
        Assert.True(File.Exists(home.Store + ".migrated"));
        await using var opened = await OpenAsync(home);
        var read = await opened.RangeAsync(new(KeyRange.All), deadline.Token);
        Assert.Equal(documents, read.Value.Items.ToDictionary(i => i.Key.ToString(), i => i.Value.ToString()));
    }

    private static async Task PinnedAsync(TestNode node)
    {
        (await node.HoldfastAsync("keys", "init")).Ok();
        var policy = new Home(node.Home).TrustPolicy;
        var pins = new[] { "/usr/bin/etcd", "/usr/bin/etcdctl" }.Select(p => $"  - {{path: {p}, sha256: {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(p)))}}}");
        await File.WriteAllTextAsync(policy, (await File.ReadAllTextAsync(policy)).Replace("hostExecutables: []", "hostExecutables:\n" + string.Join('\n', pins), StringComparison.Ordinal));
    }

    /// <summary>As the node's agent does it before it opens the store.</summary>
    private async Task<SupervisorClient> StartAsync(Home home)
    {
        var running = await SupervisorLauncher.EnsureRunningAsync(new(home), TimeProvider.System, deadline.Token, supervisor);
        Assert.True(running.IsOk, string.Join("; ", running.Problems));
        var given = await EtcdMemberStart.EnsureAsync(running.Value, ClusterFile.Read(home).Value!.Member!, home, _ => { }, TimeProvider.System, deadline.Token);
        Assert.True(given.IsOk, string.Join("; ", given.Problems));
        return running.Value;
    }

    private async Task<EtcdStore> OpenAsync(Home home)
    {
        var opened = await ClusterStore.OpenAsync(home, ClusterFile.Read(home).Value!, TimeProvider.System, deadline.Token);
        Assert.True(opened.IsOk, string.Join("; ", opened.Problems));
        return opened.Value;
    }

    private static Launched Launch(TestNode node, params string[] arguments) => new(node, arguments.Length > 0 ? arguments : ["witness"]);

    /// <summary>A command that goes on; killed at the end of the test, if it has not ended.</summary>
    private sealed class Launched : IDisposable
    {
        private readonly Process process;

        public Launched(TestNode node, string[] arguments)
        {
            var start = new ProcessStartInfo(Programs.Holdfast, arguments) { WorkingDirectory = node.Work, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["HOLDFAST_HOME"] = node.Home;
            process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
        }

        public void Send(string signal)
        {
            using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
            kill.WaitForExit();
        }

        public async Task<int> EndAsync(CancellationToken cancel)
        {
            await process.WaitForExitAsync(cancel);
            return process.ExitCode;
        }

        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
