using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Rpc.Tls;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Holdfast.Testing;
using Holdfast.Testing.Storage;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>A real etcd as the node runs it: who may speak to it, and what becomes of its store.</summary>
public sealed class ManagedEtcdTests : IDisposable
{
    private static readonly string epoch = StateKeys.Epochs + "orders";

    private readonly ClusterHome home = new();
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromMinutes(3), TimeProvider.System);
    private readonly List<PlannedEtcd> running = [];

    public void Dispose()
    {
        foreach (var member in running) member.Dispose();
        home.Dispose();
        deadline.Dispose();
    }

    [EtcdFact]
    public async Task The_first_opening_makes_the_store_with_all_of_the_former_one_in_it()
    {
        var documents = await home.WithServicesAsync(releases: 70);
        await BeginAsync(migrate: true);
        Assert.True(File.Exists(home.Home.Store));
        await using (var store = await OpenAsync())
        {
            var read = await store.RangeAsync(new(KeyRange.All), deadline.Token);
            Assert.Equal(documents, read.Value.Items.ToDictionary(i => i.Key.ToString(), i => i.Value.ToString()));
        }

        Assert.False(File.Exists(home.Home.Store) || File.Exists(Founding.PathIn(home.Home)));
        await using var again = await OpenAsync();
    }

    [EtcdFact]
    public async Task A_certificate_of_the_api_does_not_open_it()
    {
        var cluster = await BeginAsync();
        await using var store = await OpenAsync();
        var api = new CertificateAuthority(home.Home, TimeProvider.System);
        var admin = (await api.IssueAsync(new(PeerRole.Admin, "alice"), [], TimeSpan.FromDays(1), null, deadline.Token)).Value;
        var options = ClusterStore.Options(home.Home, cluster).Value with { CallTimeout = TimeSpan.FromSeconds(1) };
        var roots = await File.ReadAllTextAsync(ClusterStore.RootsFile(home.Home));
        var stranger = options with { Identity = () => TlsIdentity.FromPem(admin.Certificate, admin.Key!, roots) };
        Assert.Equal(ProblemKind.Unavailable, Assert.Single((await EtcdStore.OpenAsync(stranger, null, TimeProvider.System, deadline.Token)).Problems).Kind);
    }

    [EtcdFact]
    public async Task Certificates_that_come_to_their_end_are_renewed_and_a_running_etcd_shows_the_new_ones()
    {
        // Of 90 days, 70 are over.
        var cluster = await BeginAsync(time: new Later(TimeSpan.FromDays(-70)));
        await (await OpenAsync()).DisposeAsync();
        var before = await ShownAsync(cluster);
        Assert.Equal(3, new EtcdAuthority(home.Home, TimeProvider.System).Due().Count);
        await EtcdMemberStart.RenewAsync(home.Home, home.Warned.Add, TimeProvider.System, deadline.Token);
        Assert.Empty(new EtcdAuthority(home.Home, TimeProvider.System).Due());
        Assert.DoesNotContain(home.Warned, w => w.Contains("renewed", StringComparison.Ordinal));
        await (await OpenAsync()).DisposeAsync();
        Assert.InRange(await ShownAsync(cluster) - before, TimeSpan.FromDays(69), TimeSpan.FromDays(71));

        // Where the authority is not, somebody is told.
        await new EtcdAuthority(home.Home, new Later(TimeSpan.FromDays(-70))).RenewAsync(deadline.Token);
        File.Delete(new EtcdPkiFiles(home.Home).AuthorityKey);
        await EtcdMemberStart.RenewAsync(home.Home, home.Warned.Add, new Later(TimeSpan.FromDays(70)), deadline.Token);
        Assert.Equal(3, home.Warned.Count(w => w.Contains("member add", StringComparison.Ordinal)));
    }

    [EtcdctlFact]
    public async Task Law04_the_first_epoch_after_a_restore_is_above_one_that_was_given_after_the_backup()
    {
        await BeginAsync();
        StoreIdentity former;
        ClusterBackup backup;
        await using (var store = await OpenAsync())
        {
            former = store.Identity;
            await PutAsync(store, epoch, """{"apiVersion":"holdfast/v1","value":{"epoch":7,"node":"a"}}""");
            var taken = await ClusterBackup.TakeAsync(Options(), home["prod.hfcluster"], "alice", TimeProvider.System, deadline.Token);
            backup = taken.Value;
            Assert.Equal(("prod", former), (backup.Cluster, backup.Store));
            await PutAsync(store, epoch, """{"apiVersion":"holdfast/v1","value":{"epoch":9,"node":"b"}}""");
            await PutAsync(store, StateKeys.Epochs + "younger", """{"apiVersion":"holdfast/v1","value":{"epoch":5,"node":"b"}}""");
        }

        Assert.Equal("cluster.etcd-runs", Assert.Single((await RestoreAsync(backup.Digest)).Problems).Rule);
        running[0].Dispose();
        Assert.Equal("cluster.backup-digest", Assert.Single((await RestoreAsync("sha256:" + new string('0', 64))).Problems).Rule);
        var restored = await RestoreAsync(backup.Digest);
        Assert.True(restored.IsOk, string.Join("; ", restored.Problems));
        Assert.True(Directory.Exists(restored.Value.Aside));

        Start();
        await using var after = await OpenAsync();
        Assert.Equal(2, after.Identity.Incarnation);
        Assert.NotEqual(former.ClusterId, after.Identity.ClusterId);
        Assert.True(await EpochAsync(after, epoch) > 9);
        Assert.True(await EpochAsync(after, StateKeys.EpochFloor) > 5);
        Assert.Empty((await after.RangeAsync(new(KeyRange.Single(StateKeys.Epochs + "younger")), deadline.Token)).Value.Items);
        // It is over: the next opening raises nothing.
        var raised = await EpochAsync(after, epoch);
        await using var again = await OpenAsync();
        Assert.Equal((after.Identity, raised), (again.Identity, await EpochAsync(again, epoch)));
    }

    [EtcdctlFact]
    public async Task After_a_total_loss_a_new_home_takes_the_backup()
    {
        await BeginAsync();
        await using (var store = await OpenAsync()) await PutAsync(store, epoch, """{"apiVersion":"holdfast/v1","value":{"epoch":7}}""");
        Assert.True((await ClusterBackup.TakeAsync(Options(), home["prod.hfcluster"], "alice", TimeProvider.System, deadline.Token)).IsOk);
        running[0].Dispose();

        using var next = new ClusterHome();
        Assert.True((await next.BeginAsync(next.Managed("prod"))).IsOk);
        var restored = await new ClusterRestore(next.Home, (_, _) => { }, TimeProvider.System).RunAsync(home["prod.hfcluster"], null, null, stop: false, byHand: false, deadline.Token);
        Assert.True(restored.IsOk, string.Join("; ", restored.Problems));
        running.Add(PlannedEtcd.Start(EtcdMember.Plan(ClusterFile.Read(next.Home).Value!.Member!, next.Home, new('0', 64))));
        await using var opened = (await next.OpenAsync()).Value;
        Assert.Equal(2, opened.Identity.Incarnation);
        Assert.True(await EpochAsync(opened, epoch) > 7);
    }

    [EtcdctlFact]
    public async Task What_was_restored_and_not_finished_is_refused_by_nobody_but_goes_on()
    {
        await BeginAsync();
        await using (var store = await OpenAsync()) await PutAsync(store, epoch, """{"apiVersion":"holdfast/v1","value":{"epoch":7}}""");
        Assert.True((await ClusterBackup.TakeAsync(Options(), home["prod.hfcluster"], "alice", TimeProvider.System, deadline.Token)).IsOk);
        running[0].Dispose();
        Assert.True((await RestoreAsync(null)).IsOk);
        var restoring = Restoring.Read(home.Home).Value!;
        Start();
        // Killed after the raising, before the store was another one; and after that, before it was noted.
        var cut = await EtcdStore.OpenRestoredAsync(
            Options(), new(restoring.WasId, restoring.WasIncarnation), new(restoring.BecomesId, restoring.BecomesIncarnation),
            async store => (await EpochRaising.RunAsync(store, restoring.RestoredAt, TimeProvider.System, deadline.Token)).Then<Done>(_ => new Problem(ProblemKind.Failed, "test.cut", "Cut off.")),
            TimeProvider.System, deadline.Token);
        Assert.Equal("test.cut", Assert.Single(cut.Problems).Rule);
        await using (await OpenAsync())
        {
        }

        Assert.True(restoring.Write(home.Home).IsOk);
        await using var opened = await OpenAsync();
        Assert.Equal(restoring.BecomesId, opened.Identity.ClusterId);
    }

    [EtcdFact]
    public async Task A_backup_that_was_changed_is_not_restored()
    {
        await BeginAsync();
        await (await OpenAsync()).DisposeAsync();
        var file = home["prod.hfcluster"];
        Assert.True((await ClusterBackup.TakeAsync(Options(), file, "alice", TimeProvider.System, deadline.Token)).IsOk);
        Assert.Equal("backup.exists", Assert.Single((await ClusterBackup.TakeAsync(Options(), file, "alice", TimeProvider.System, deadline.Token)).Problems).Rule);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var problem = Assert.Single((await ClusterBackup.OpenAsync(file, null, home["snapshot"], deadline.Token)).Problems);
        Assert.Equal(("cluster.backup", ProblemKind.Damaged), (problem.Rule, problem.Kind));
        Assert.False(File.Exists(home["snapshot"]));
        await File.WriteAllTextAsync(file, "something else");
        Assert.Equal("cluster.backup", Assert.Single((await ClusterBackup.OpenAsync(file, null, home["snapshot"], deadline.Token)).Problems).Rule);
    }

    [EtcdFact]
    public async Task A_second_machine_takes_its_file_and_votes_when_it_has_caught_up()
    {
        var cluster = await BeginAsync();
        await using var store = await OpenAsync();
        await PutAsync(store, "/holdfast/v1/a", "1");
        var membership = new EtcdMembership(home.Home, TimeProvider.System);
        var ports = EtcdCluster.FreePorts(2);
        var bundle = (await membership.AddAsync("node-2", "127.0.0.1", ports[0], ports[1], deadline.Token)).Value;
        // Without a vote nothing depends on it.
        await PutAsync(store, "/holdfast/v1/b", "1");
        Assert.Equal(bundle.Member.PeerAddress, (await membership.AddAsync("node-2", "127.0.0.1", ports[0], ports[1], deadline.Token)).Value.Member.PeerAddress);

        using var second = new ClusterHome();
        Assert.Equal("cluster.none", Assert.Single((await TakeAsync(second, bundle)).Problems).Rule);
        Directory.CreateDirectory(second.Home.Path);
        Assert.True((cluster with { Node = "node-2", Member = null }).Write(second.Home).IsOk);
        var taken = await TakeAsync(second, bundle);
        Assert.True(taken.IsOk, string.Join("; ", taken.Problems));
        running.Add(PlannedEtcd.Start(EtcdMember.Plan(taken.Value.Member!, second.Home, new('0', 64))));
        var keeping = new EtcdKeeping(second.Home, second.Warned.Add, TimeProvider.System);
        await keeping.VoteAsync(taken.Value.Member!, ClusterStore.Options(second.Home, taken.Value).Value, deadline.Token);
        var voters = (await EtcdStore.MembersAsync(Options(), TimeProvider.System, deadline.Token)).Value;
        Assert.Equal([("node-1", false), ("node-2", false)], voters.Select(v => (v.Name, v.IsLearner)));

        // What each node calls is what there is.
        var first = new EtcdKeeping(home.Home, home.Warned.Add, TimeProvider.System);
        Assert.True((await first.NoteMembersAsync(Options(), deadline.Token)).IsOk);
        Assert.Equal([$"https://{cluster.Member!.ClientAddress}", $"https://{bundle.Member.ClientAddress}"], ClusterFile.Read(home.Home).Value!.Etcd);
        Assert.Equal("cluster.no-member", Assert.Single((await membership.RemoveAsync("node-3", deadline.Token)).Problems).Rule);
        Assert.True((await membership.RemoveAsync("node-2", deadline.Token)).IsOk);
        Assert.Equal(cluster.Etcd, ClusterFile.Read(home.Home).Value!.Etcd);
        await PutAsync(store, "/holdfast/v1/c", "1");
    }

    [EtcdFact]
    public async Task Snapshots_are_taken_when_they_are_due_and_the_last_of_them_are_kept()
    {
        await BeginAsync();
        await (await OpenAsync()).DisposeAsync();
        for (var i = 0; i <= EtcdSnapshots.Kept; i++)
        {
            var snapshots = new EtcdSnapshots(home.Home, new Later(EtcdSnapshots.Every * i));
            Assert.Equal(TimeSpan.Zero, snapshots.DueIn());
            var taken = await snapshots.TakeAsync(Options(), deadline.Token);
            Assert.True(taken.IsOk, string.Join("; ", taken.Problems));
            Assert.InRange(snapshots.DueIn(), TimeSpan.FromMinutes(55), EtcdSnapshots.Every);
            Assert.Equal(taken.Value, snapshots.List()[^1]);
        }

        var kept = Directory.GetFiles(home.Home.EtcdSnapshots);
        Assert.Equal(EtcdSnapshots.Kept, kept.Length);
        Assert.Equal("prod", (await ClusterBackup.OpenAsync(kept[0], null, home["snapshot"], deadline.Token)).Value.Cluster);
        if (!OperatingSystem.IsWindows()) Assert.Equal(Platform.DurableFile.OwnerOnly, File.GetUnixFileMode(kept[0]));
    }

    [EtcdFact]
    public async Task While_the_agent_runs_a_backup_is_there_at_once()
    {
        var cluster = await BeginAsync();
        await (await OpenAsync()).DisposeAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        var keeping = new EtcdKeeping(home.Home, home.Warned.Add, TimeProvider.System).RunAsync(cluster, Options(), stop.Token);
        await Eventually.SeeAsync("a backup", () => new EtcdSnapshots(home.Home, TimeProvider.System).List().Count == 1 || keeping.IsCompleted);
        await stop.CancelAsync();
        // Between two steps it ends without a word.
        Assert.False((await Task.WhenAny(keeping)).IsFaulted);
        Assert.DoesNotContain(home.Warned, w => w.StartsWith("No snapshot", StringComparison.Ordinal));
    }

    private Task<Outcome<ClusterFile>> TakeAsync(ClusterHome of, MemberBundle bundle) =>
        new EtcdMembership(of.Home, TimeProvider.System).TakeAsync(bundle, ClusterHome.Etcd, onWindows: false, of.Warned.Add, deadline.Token);

    /// <summary>The end of what a member shows to its clients.</summary>
    private async Task<DateTime> ShownAsync(ClusterFile cluster)
    {
        var address = new Uri(cluster.Etcd[0]);
        using var client = new TcpClient(address.Host, address.Port);
        var own = ClusterStore.Options(home.Home, cluster).Value.Identity!().Certificate;
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown?.Issuer == own.Issuer);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.Host, ClientCertificates = [own] }, deadline.Token);
        return ((X509Certificate2)tls.RemoteCertificate!).NotAfter;
    }

    private async Task<ClusterFile> BeginAsync(bool migrate = false, TimeProvider? time = null)
    {
        var begun = await home.BeginAsync(home.Managed("prod"), migrate, time);
        Assert.True(begun.IsOk, string.Join("; ", begun.Problems));
        Start();
        return begun.Value;
    }

    /// <summary>By the plan of the home's cluster, as its agent would have it started.</summary>
    private void Start() => running.Add(PlannedEtcd.Start(EtcdMember.Plan(ClusterFile.Read(home.Home).Value!.Member!, home.Home, new('0', 64))));

    private async Task<EtcdStore> OpenAsync()
    {
        var opened = await ClusterStore.OpenAsync(home.Home, ClusterFile.Read(home.Home).Value!, TimeProvider.System, deadline.Token);
        Assert.True(opened.IsOk, $"{string.Join("; ", opened.Problems)}\n{running[^1].Log()}");
        return opened.Value;
    }

    private EtcdOptions Options() => ClusterStore.Options(home.Home, ClusterFile.Read(home.Home).Value!).Value;

    private Task<Outcome<RestoredCluster>> RestoreAsync(string? expected) =>
        new ClusterRestore(home.Home, (_, _) => { }, TimeProvider.System).RunAsync(home["prod.hfcluster"], expected, tool: null, stop: false, byHand: false, deadline.Token);

    private async Task PutAsync(EtcdStore store, string key, string value) =>
        Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new Transaction { Then = [new Operation.Put(key, value)] }, deadline.Token));

    private async Task<long> EpochAsync(EtcdStore store, string key) =>
        (long)JsonNode.Parse((await store.RangeAsync(new(KeyRange.Single(key)), deadline.Token)).Value.Items[0].Value.ToString())!["value"]!["epoch"]!;

    /// <summary>The time of day some time from now; timers are as ever.</summary>
    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
