using System.Security.Cryptography;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>Powering a node off by a command, with real programs and a real store; the machines are documents in it.</summary>
public sealed class NodeFencingTests : IAsyncDisposable
{
    private readonly ClusterHome cluster = new();
    private readonly SqliteStore store;
    private readonly StoreMirror mirror;
    private readonly AuditLog audit;
    private readonly CancellationTokenSource ending = new();
    private readonly Task mirroring;
    private readonly Dictionary<string, long> leases = [];
    private readonly List<string> told = [];

    public NodeFencingTests()
    {
        store = Law.Ok(SqliteStore.Create(cluster.Home.Store, new() { SyncFolder = DurableFolder.Sync }, TimeProvider.System));
        mirror = new(store, TimeProvider.System);
        Law.Ok(HomeFolders.Ensure(cluster.Home));
        audit = Law.Ok(AuditLog.Open(cluster.Home.Audit, AuditRedaction.Options("node-1"), TimeProvider.System));
        mirroring = mirror.RunAsync(ending.Token);
    }

    [Fact]
    public async Task A_node_that_is_confirmed_to_be_off_loses_its_lease_and_all_that_is_under_it()
    {
        if (OperatingSystem.IsWindows()) return;
        await PresentAsync("node-1", "node-2");
        await PutAsync(StateKeys.Leader("orders"), StateJson.Write(new LeaderDocument("orders", "node-2", 4, leases["node-2"]), StateJson.Default.DocumentLeaderDocument), leases["node-2"]);
        // It is not off at once: the confirmation is asked again.
        Configure("echo powering $1 off; echo password=hunter2", $"test -e {cluster["asked"]} || {{ touch {cluster["asked"]}; exit 1; }}");
        var fencing = Fencing("node-1");
        Assert.Contains("others lead orders", string.Join('\n', Law.Ok(await fencing.PlanAsync("node-2", default)).Preview()), StringComparison.Ordinal);
        Assert.Contains("its lease is taken", Law.Ok(await FenceAsync(fencing, "node-2")), StringComparison.Ordinal);
        Assert.Null(await FindAsync(StateKeys.Presence("node-2")));
        Assert.Null(await FindAsync(StateKeys.Leader("orders")));
        Assert.Null(await FindAsync(StateKeys.FenceTurn));
        Assert.NotNull(await FindAsync(StateKeys.Presence("node-1")));
        Assert.Contains(told, line => line.Contains("powering node-2 off", StringComparison.Ordinal));
        Assert.DoesNotContain(told, line => line.Contains("hunter2", StringComparison.Ordinal));
        var recorded = AuditReader.Read(cluster.Home.Audit, new()).Where(entry => entry.Action == "node-fence").ToList();
        Assert.Equal([AuditOutcome.Intended, AuditOutcome.Done], recorded.Select(entry => entry.Outcome));
        Assert.DoesNotContain(recorded, entry => entry.Details.Values.Any(text => text.Contains("hunter2", StringComparison.Ordinal)));
        Assert.Contains("nothing", Assert.Single((await fencing.PlanAsync("node-2", default)).Problems).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo the BMC does not answer >&2; exit 3", "true", "exited with 3. the BMC does not answer")]
    [InlineData("true", "exit 1", "exited with 1")]
    [InlineData("sleep 600", "true", "took longer than 1 s")]
    public async Task What_is_not_confirmed_takes_nothing(string command, string confirm, string why)
    {
        if (OperatingSystem.IsWindows()) return;
        await PresentAsync("node-1", "node-2");
        Configure(command, confirm, "1s");
        var failed = Law.Refused(await FenceAsync(Fencing("node-1"), "node-2"), "fence.not-confirmed");
        Assert.Equal(ProblemKind.Failed, failed.Kind);
        Assert.Contains(why, failed.Why, StringComparison.Ordinal);
        Assert.NotNull(await FindAsync(StateKeys.Presence("node-2")));
        Assert.Null(await FindAsync(StateKeys.FenceTurn));
    }

    [Fact]
    public async Task Whom_this_node_cannot_fence_is_told_and_recorded()
    {
        if (OperatingSystem.IsWindows()) return;
        await PresentAsync("node-1", "node-2");
        var fencing = Fencing("node-1");
        Assert.Contains(FencingFile.Of(cluster.Home), Law.Refused(await FenceAsync(fencing, "node-2"), "fence.no-command").Mend, StringComparison.Ordinal);
        Configure("true", "true");
        Law.Refused(await FenceAsync(fencing, "node-1"), "fence.itself");
        Law.Refused(await FenceAsync(fencing, "node-9"), "cluster.no-node");
        leases.Remove("node-1");
        Law.Refused(await FenceAsync(fencing, "node-2"), "fence.in-doubt");
        // Law 1: what the policy does not pin is not run.
        File.WriteAllText(FencingFile.Of(cluster.Home), "apiVersion: holdfast/v1\nkind: Fencing\nnodes: [{node: node-2, command: [/usr/bin/env, \"true\"]}]");
        Law.Refused(await FenceAsync(fencing, "node-2"), "trust.host-executable");
        Assert.Equal(5, AuditReader.Read(cluster.Home.Audit, new()).Count(entry => entry is { Action: "node-fence", Outcome: AuditOutcome.Refused }));
    }

    [Fact]
    public async Task SuseTid7022467_of_two_nodes_that_shoot_each_other_one_alone_does()
    {
        if (OperatingSystem.IsWindows()) return;
        await PresentAsync("node-1", "node-2");
        Configure($"touch {cluster["shot"]}.$1; while ! test -e {cluster["go"]}; do sleep 0.05; done", "true");
        var first = FenceAsync(Fencing("node-1"), "node-2");
        await Eventually.SeeAsync("the first shoots", () => File.Exists(cluster["shot"] + ".node-2"));
        var refused = Law.Refused(await FenceAsync(Fencing("node-2"), "node-1"), "fence.turn");
        Assert.Contains("node-1 is fencing node-2", refused.What, StringComparison.Ordinal);
        File.WriteAllText(cluster["go"], "");
        Law.Ok(await first);
        Assert.False(File.Exists(cluster["shot"] + ".node-1"));
        // Who was shot has no lease to take a turn under.
        Assert.False((await FenceAsync(Fencing("node-2"), "node-1")).IsOk);
        Assert.NotNull(await FindAsync(StateKeys.Presence("node-1")));
    }

    [Fact]
    public async Task SuseTid7022467_who_loses_its_own_lease_while_it_shoots_stops_shooting()
    {
        if (OperatingSystem.IsWindows()) return;
        await PresentAsync("node-1", "node-2");
        Configure($"touch {cluster["shot"]}; sleep 600", "true", "10m");
        var shooting = FenceAsync(Fencing("node-1"), "node-2");
        await Eventually.SeeAsync("it shoots", () => File.Exists(cluster["shot"]));
        Assert.True((await store.RevokeLeaseAsync(leases["node-1"], default)).IsOk);
        leases.Remove("node-1");
        Assert.Contains("own lease is no more", Law.Refused(await shooting, "fence.not-confirmed").Why, StringComparison.Ordinal);
        Assert.NotNull(await FindAsync(StateKeys.Presence("node-2")));
    }

    [Fact]
    public async Task RedHat5644441_who_is_back_while_it_was_being_fenced_keeps_its_new_lease()
    {
        if (OperatingSystem.IsWindows()) return;
        await PresentAsync("node-1", "node-2");
        Configure($"touch {cluster["shot"]}; while ! test -e {cluster["go"]}; do sleep 0.05; done", "true");
        var first = FenceAsync(Fencing("node-1"), "node-2");
        await Eventually.SeeAsync("it shoots", () => File.Exists(cluster["shot"]));
        // The machine was off, and has booted.
        var before = leases["node-2"];
        Assert.True((await store.RevokeLeaseAsync(before, default)).IsOk);
        await PresentAsync("node-2");
        File.WriteAllText(cluster["go"], "");
        Assert.Contains("had ended already", Law.Ok(await first), StringComparison.Ordinal);
        Assert.NotEqual(before, leases["node-2"]);
        Assert.True((await store.KeepLeaseAsync(leases["node-2"], default)).IsOk);
        Assert.NotNull(await FindAsync(StateKeys.Presence("node-2")));
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await mirroring.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
        audit.Dispose();
        await store.DisposeAsync();
        cluster.Dispose();
    }

    private NodeFencing Fencing(string self)
    {
        long? Own() => leases.TryGetValue(self, out var lease) ? lease : null;
        return new(self, mirror, Own, Own, store, cluster.Home, new ChangeRecord(audit), TimeProvider.System);
    }

    private Task<Outcome<string>> FenceAsync(NodeFencing fencing, string node) => fencing.FenceAsync(node, "it hangs", new(Guid.NewGuid().ToString("n"), "alice"), told.Add);

    private void Configure(string command, string confirm, string within = "30s")
    {
        var shell = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes("/bin/sh")));
        var policy = File.ReadAllText(cluster.Home.TrustPolicy);
        File.WriteAllText(cluster.Home.TrustPolicy, policy[..policy.IndexOf("hostExecutables", StringComparison.Ordinal)] + $"hostExecutables: [{{path: /bin/sh, sha256: {shell}}}]\n");
        string Words(string script) => $"[/bin/sh, -c, '{script}', fence, \"{{node}}\"]";
        File.WriteAllText(FencingFile.Of(cluster.Home), $"apiVersion: holdfast/v1\nkind: Fencing\nnodes:\n  - node: \"*\"\n    command: {Words(command)}\n    confirm: {Words(confirm)}\n    within: {within}\n");
    }

    /// <summary>Nodes with leases, as their agents say that they are there.</summary>
    private async Task PresentAsync(params string[] names)
    {
        foreach (var name in names)
        {
            leases[name] = Law.Ok(await store.GrantLeaseAsync(TimeSpan.FromMinutes(5), default)).Id;
            await PutAsync(StateKeys.Node(name), StateJson.Write(new NodeRecord(name, "1", "linux-x64", default), StateJson.Default.DocumentNodeRecord), 0);
            await PutAsync(StateKeys.Presence(name), StateJson.Write(new Presence(name, leases[name], default), StateJson.Default.DocumentPresence), leases[name]);
        }
    }

    private async Task PutAsync(string key, Bytes value, long lease)
    {
        var put = Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new() { Then = [new Operation.Put(key, value, lease)] }, default));
        await mirror.ReachAsync(put.Revision);
    }

    private async Task<KeyValue?> FindAsync(string key) => Law.Ok(await store.RangeAsync(new(KeyRange.Single(key)), default)).Items.SingleOrDefault();
}
