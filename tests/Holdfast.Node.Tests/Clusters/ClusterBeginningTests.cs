using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Holdfast.Testing.Certificates;
using Holdfast.Testing.Storage;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>A cluster is begun in an etcd that is there already, by a new home and by one that was a node by itself.</summary>
public sealed class ClusterBeginningTests(OneEtcd etcd) : IClassFixture<OneEtcd>, IDisposable
{
    private readonly ClusterHome home = new();

    private string Url => etcd.Cluster.Members[0].Endpoint.OriginalString;

    public void Dispose() => home.Dispose();

    [EtcdFact]
    public async Task A_cluster_is_begun_once_and_opened_by_its_node()
    {
        var begun = await home.BeginAsync(home.Order("begun", Url));
        Assert.True(begun.IsOk, string.Join("; ", begun.Problems));
        await using (var store = (await home.OpenAsync()).Value) Assert.Equal(1, store.Identity.Incarnation);
        Assert.Equal("node/node-1", PeerName.Of(new CertificateAuthority(home.Home, TimeProvider.System).NodeCertificate().Value)!.ToString());
        Assert.False(File.Exists(Founding.PathIn(home.Home)));

        Assert.Equal("cluster.member-already", Assert.Single((await home.BeginAsync(home.Order("begun", Url))).Problems).Rule);
        using var other = new ClusterHome();
        var taken = Assert.Single((await other.BeginAsync(other.Order("begun", Url))).Problems);
        Assert.Equal("store.exists", taken.Rule);
        Assert.Contains("join it", taken.Mend!);
        Assert.False(ClusterFile.IsIn(other.Home));
    }

    [EtcdFact]
    public async Task What_was_interrupted_before_its_last_step_is_begun_again_and_ends_well()
    {
        Assert.True((await home.BeginAsync(home.Order("again", Url))).IsOk);
        await using var first = (await home.OpenAsync()).Value;
        File.Delete(ClusterFile.PathIn(home.Home));
        Assert.True(new Founding("again", first.Identity.ClusterId, first.Identity.Incarnation, Copies: false).Write(home.Home).IsOk);

        var again = await home.BeginAsync(home.Order("again", Url));
        Assert.True(again.IsOk, string.Join("; ", again.Problems));
        await using var second = (await home.OpenAsync()).Value;
        Assert.Equal(first.Identity, second.Identity);
    }

    [EtcdFact]
    public async Task A_home_with_services_is_refused_and_nothing_is_changed()
    {
        await home.WithServicesAsync(releases: 1);
        var refused = Assert.Single((await home.BeginAsync(home.Order("refused", Url))).Problems);
        Assert.Equal("cluster.home-has-services", refused.Rule);
        Assert.Contains("store migrate", refused.Mend!);
        Assert.False(ClusterFile.IsIn(home.Home) || File.Exists(Founding.PathIn(home.Home)));
        Assert.True(File.Exists(home.Home.Store));
        var options = new EtcdOptions { Endpoints = [new(Url)], Cluster = "refused" };
        Assert.Equal("store.missing", Assert.Single((await EtcdStore.OpenAsync(options, null, TimeProvider.System, CancellationToken.None)).Problems).Rule);
    }

    [EtcdFact]
    public async Task Nothing_is_begun_while_an_agent_runs()
    {
        Directory.CreateDirectory(home.Home.Path);
        using var held = FileLock.TryTake(home.Home.AgentLock, TimeProvider.System).Value;
        Assert.Equal("cluster.agent-runs", Assert.Single((await home.BeginAsync(home.Order("runs", Url))).Problems).Rule);
    }

    [EtcdFact]
    public async Task An_etcd_that_wants_a_certificate_is_shown_the_one_that_was_given()
    {
        using var ca = new TestCa();
        using var secured = await EtcdCluster.StartAsync(1, ca);
        var (certificate, key, root) = ca.Files(home.Home.Policy, "holdfast", TestCa.ForClients);
        var file = home["identity.pem"];
        await File.WriteAllLinesAsync(file, await Task.WhenAll(new[] { key, certificate, root }.Select(one => File.ReadAllTextAsync(one))));
        var order = home.Order("secured", secured.Members[0].Endpoint.OriginalString) with { EtcdIdentity = file };
        var begun = await home.BeginAsync(order);
        Assert.True(begun.IsOk, string.Join("; ", begun.Problems));
        File.Delete(file);
        await using var store = (await home.OpenAsync()).Value;
    }

    [EtcdFact]
    public async Task Of_an_etcd_that_was_restored_by_hand_the_store_becomes_another_one()
    {
        Assert.True((await home.BeginAsync(home.Order("by-hand", Url))).IsOk);
        StoreIdentity former;
        await using (var store = (await home.OpenAsync()).Value) former = store.Identity;
        var options = new EtcdOptions { Endpoints = [new(Url)], Cluster = "by-hand" };
        Assert.True((await ClusterBackup.TakeAsync(options, home["backup"], "alice", TimeProvider.System, default)).IsOk);
        var restore = new ClusterRestore(home.Home, (_, _) => { }, TimeProvider.System);
        Assert.Equal("cluster.not-managed", Assert.Single((await restore.RunAsync(home["backup"], null, null, stop: false, byHand: false, default)).Problems).Rule);
        Assert.True((await restore.RunAsync(home["backup"], null, null, stop: false, byHand: true, default)).IsOk);
        await using var after = (await home.OpenAsync()).Value;
        Assert.Equal(2, after.Identity.Incarnation);
        Assert.NotEqual(former.ClusterId, after.Identity.ClusterId);
        Assert.Single((await after.RangeAsync(new(KeyRange.Single(StateKeys.EpochFloor)), default)).Value.Items);
    }

    [EtcdFact]
    public async Task A_node_takes_all_that_it_runs_along_and_keeps_its_former_store()
    {
        var documents = await home.WithServicesAsync();
        var migrated = await home.BeginAsync(home.Order("migrated", Url), migrate: true);
        Assert.True(migrated.IsOk, string.Join("; ", migrated.Problems));
        Assert.Equal(documents, await ReadAsync());
        Assert.False(File.Exists(home.Home.Store) || File.Exists(home.Home.Store + ".identity") || File.Exists(Founding.PathIn(home.Home)));

        // The way back.
        File.Delete(ClusterFile.PathIn(home.Home));
        File.Move(home.Home.Store + ".migrated", home.Home.Store);
        File.Move(home.Home.Store + ".migrated.identity", home.Home.Store + ".identity");
        Assert.Equal("cluster.home-has-services", Assert.Single((await home.BeginAsync(home.Order("other", Url))).Problems).Rule);
    }

    [EtcdFact]
    public async Task Law11_a_migration_that_was_cut_off_anywhere_is_taken_up()
    {
        var documents = await home.WithServicesAsync();
        Assert.True((await home.BeginAsync(home.Order("cut", Url), migrate: true)).IsOk);
        var identity = (await home.OpenAsync()).Value;
        await using (identity)
        {
            // Half a copy, with what an attempt before has put there and a document that is gone since.
            Operation[] half = [new Operation.Delete(StateKeys.Service("orders")), new Operation.Put(StateKeys.Release("orders", 2), "another"), new Operation.Put(StateKeys.Service("ghost"), "x")];
            Assert.IsType<CommitResult.Decided>(await identity.CommitAsync(new Transaction { Then = half }, CancellationToken.None));
        }

        var founding = new Founding("cut", identity.Identity.ClusterId, identity.Identity.Incarnation, Copies: true);
        // Before the copy had ended: the one-node store is in its place, and there is no cluster.json.
        File.Delete(ClusterFile.PathIn(home.Home));
        foreach (var part in new[] { "", ".identity" }) File.Move(home.Home.Store + ".migrated" + part, home.Home.Store + part);
        Assert.True(founding.Write(home.Home).IsOk);
        Assert.True((await home.BeginAsync(home.Order("cut", Url), migrate: true)).IsOk);
        Assert.Equal(documents, await ReadAsync());

        // Before the former store was put aside, and in the middle of that.
        File.Move(home.Home.Store + ".migrated.identity", home.Home.Store + ".identity");
        Assert.True(founding.Write(home.Home).IsOk);
        Assert.True((await home.BeginAsync(home.Order("cut", Url), migrate: true)).IsOk);
        Assert.False(File.Exists(home.Home.Store + ".identity") || File.Exists(Founding.PathIn(home.Home)));
        Assert.Equal(documents, await ReadAsync());
    }

    private async Task<Dictionary<string, string>> ReadAsync()
    {
        await using var store = (await home.OpenAsync()).Value;
        var read = await store.RangeAsync(new(KeyRange.All), CancellationToken.None);
        return read.Value.Items.ToDictionary(i => i.Key.ToString(), i => i.Value.ToString());
    }
}
