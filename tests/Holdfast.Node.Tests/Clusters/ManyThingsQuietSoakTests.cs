using System.Diagnostics;
using System.Globalization;
using Holdfast.Core.Operations;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.Planning;
using Holdfast.Node.State;
using Holdfast.Node.Tests.Operations;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using Holdfast.Testing.Clocks;
using Holdfast.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;
using Operation = Holdfast.Storage.Operation;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>
/// What a cluster with many services costs its etcd while nothing happens. The parts of three real agents that speak with the store (lease, presence, image, places, leadership, reports,
/// packages and the reconciler), in this process, and one real etcd; supervisors without processes.
/// </summary>
[Trait("Category", "Soak")]
[Collection("many things")]
public sealed class ManyThingsQuietSoakTests(ITestOutputHelper output)
{
    private const int Services = 1_000, Nodes = 3;

    /// <summary>Longer than anything here waits before it looks again by itself.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(90);

    private static readonly TimeProvider Time = TimeProvider.System;

    [EtcdctlFact]
    public async Task A_thousand_services_on_three_nodes_write_nothing_while_nothing_happens()
    {
        using var root = new TempFolder();
        using var shelf = new PackageShelf(new ManualClock(TestAuthority.Now));
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var store = Law.Ok(await EtcdStore.CreateAsync(options, Time, default));
        var digest = await shelf.PackageAsync("many");
        foreach (var some in Enumerable.Range(0, Services).Chunk(40))
            Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new() { Then = [.. some.SelectMany(i => Service(i, digest))] }, default));

        var nodes = new List<Agent>();
        for (var i = 1; i <= Nodes; i++) nodes.Add(await Agent.StartAsync($"node-{i}", options, shelf.Store, root));
        try
        {
            // Every second service is led by one node, the others run on two.
            var began = Time.GetTimestamp();
            var still = (Revision: 0L, Since: began);
            while (Time.GetElapsedTime(still.Since) < TimeSpan.FromSeconds(10) || !HasSettled(nodes[0].Image))
            {
                Assert.True(Time.GetElapsedTime(began) < TimeSpan.FromMinutes(10), $"It does not come to rest: {Counts(nodes[0].Image)}");
                await Task.Delay(TimeSpan.FromMilliseconds(500), Time);
                var now = await RevisionAsync(store);
                if (now != still.Revision) still = (now, Time.GetTimestamp());
            }

            var settled = Time.GetElapsedTime(began) - TimeSpan.FromSeconds(10);
            var (start, etcdBefore, ownBefore) = (Time.GetTimestamp(), SoakReport.ProcessorTimeOf(etcd.Members[0].Pid), SoakReport.ProcessorTimeOf(Environment.ProcessId));
            var extended = nodes.Sum(node => node.Extended);
            await Task.Delay(Quiet, Time);
            var took = Time.GetElapsedTime(start);
            var (etcdCpu, ownCpu) = ((SoakReport.ProcessorTimeOf(etcd.Members[0].Pid) - etcdBefore) / took, (SoakReport.ProcessorTimeOf(Environment.ProcessId) - ownBefore) / took);
            var renewals = (nodes.Sum(node => node.Extended) - extended) / took.TotalSeconds;
            var written = await RevisionAsync(store) - still.Revision;
            var leases = await LeasesAsync(etcd.Members[0].Endpoint);
            // Each store that wrote has one more: it remembers requests by it, does not renew it, and it ends by itself.
            var remembering = leases.Count(length => length >= StoreLimits.RequestMemory.TotalSeconds);
            var text = string.Create(CultureInfo.InvariantCulture,
                $"{Services} services on {Nodes} nodes ({Counts(nodes[0].Image)}), settled after {settled.TotalSeconds:0} s; then {took.TotalSeconds:0} s in which nothing happens: " +
                $"{written} writes to etcd, {leases.Count - remembering} leases that are renewed (and {remembering} of {Nodes + 1} stores that remember requests), {renewals:0.0} renewals a second; etcd took {etcdCpu:0.000} of a core, the {Nodes} agents' parts {ownCpu:0.000}");
            output.WriteLine(text);
            SoakReport.Keep(text);
            Assert.Equal(0, written);
            Assert.Equal(Nodes, leases.Count - remembering);
            Assert.InRange(remembering, 0, Nodes + 1);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    private static bool HasSettled(ClusterImage image) =>
        image.Leaders.Documents.Count == Services / 2 && image.Placements.Documents.Count == Services
        && image.Reports.Documents.Values.Count(report => report.Value.State == InstanceState.Running) == Services / 2 * 3;

    private static string Counts(ClusterImage image) =>
        $"{image.Placements.Documents.Count} placed, {image.Leaders.Documents.Count} led, {image.Reports.Documents.Values.Count(report => report.Value.State == InstanceState.Running)} instances";

    private static async Task<long> RevisionAsync(EtcdStore store) => Law.Ok(await store.RangeAsync(new(KeyRange.Single(StateKeys.Root)), default)).Revision;

    /// <summary>The length of each lease of the whole etcd, in seconds, as its own tool tells them.</summary>
    private static async Task<List<int>> LeasesAsync(Uri endpoint)
    {
        List<int> lengths = [];
        // "found 7 leases", and the number of one in each line after that.
        foreach (var lease in (await EtcdctlAsync(endpoint, "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            // "lease 2d8257079fa1bc0c granted with TTL(3s), remaining(2s)"
            var said = await EtcdctlAsync(endpoint, "timetolive", lease);
            lengths.Add(int.Parse(said[(said.IndexOf("TTL(", StringComparison.Ordinal) + 4)..said.IndexOf("s)", StringComparison.Ordinal)], CultureInfo.InvariantCulture));
        }

        return lengths;
    }

    private static async Task<string> EtcdctlAsync(Uri endpoint, params string[] asked)
    {
        using var process = Process.Start(new ProcessStartInfo("etcdctl", ["--endpoints", endpoint.ToString(), "lease", .. asked]) { RedirectStandardOutput = true, Environment = { ["ETCDCTL_API"] = "3" } })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }

    private static IEnumerable<Operation> Service(int number, string digest)
    {
        var (name, id, at) = ($"service-{number:0000}", $"deploy-{number}", Time.GetUtcNow());
        var placement = number % 2 == 0 ? new PlacementSpec { Mode = PlacementMode.ActiveStandby } : new PlacementSpec { Replicas = 2 };
        yield return new Operation.Put(StateKeys.Service(name), StateJson.Write(
            new ServiceRecord { Name = name, Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = id }, StateJson.Default.DocumentServiceRecord));
        yield return new Operation.Put(StateKeys.Release(name, 1), StateJson.Write(
            new ReleaseRecord { Service = name, Number = 1, Version = "1.0.0", PackageDigest = digest, CreatedAt = at, CreatedBy = "alice", State = ReleaseState.Current, Placement = placement },
            StateJson.Default.DocumentReleaseRecord));
        yield return new Operation.Put(StateKeys.Operation(id), StateJson.Write(
            new Core.Operations.Operation { Id = id, Action = OperationAction.Deploy, Service = name, Actor = "alice", StartedAt = at, Release = 1, Phase = OperationPhase.Done, Recorded = true },
            StateJson.Default.DocumentOperation));
    }

    /// <summary>All of an agent that speaks with the store, put together as the agent does.</summary>
    private sealed class Agent : IAsyncDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private readonly ChangeGate gate = new();
        private readonly WakeUp wakeUp = new(Time);
        private readonly EtcdStore store;
        private readonly AuditLog audit;
        private readonly ClusterParts parts;
        private readonly Task running;
        private int extended;

        private Agent(string name, EtcdStore store, AuditLog audit, EtcdOptions options, PackageStore packages, Home home)
        {
            (this.store, this.audit) = (store, audit);
            var file = new ClusterFile { Name = options.Cluster, Node = name, Etcd = [.. options.Endpoints.Select(endpoint => endpoint.ToString())], LeaseSeconds = 3 };
            var supervisor = new FakeSupervisor { Extended = _ => Interlocked.Increment(ref extended) };
            var loggers = NullLoggerFactory.Instance;
            parts = new(file, home, store, supervisor, () => new(name, "1.0.0", "linux-x64", Time.GetUtcNow()), loggers, Time);
            var record = new ChangeRecord(audit);
            var catalog = new ServiceCatalog(store, Time, parts.Mirror);
            var wanted = new WantedReleases(catalog);
            var contents = new ReleaseContents(packages);
            var placement = new PlacementKeeper(name, catalog, wanted, parts.Mirror, record, Time, NullLogger<PlacementKeeper>.Instance);
            var etcdLeader = new EtcdLeaderKeeper(file, home, parts.Mirror, record, Time, NullLogger<EtcdLeaderKeeper>.Instance);
            var fencing = new NodeFencing(name, parts.Mirror, () => parts.Lease.Sure, () => parts.Lease.Lease, store, home, record, Time);
            var fencingWatch = new FencingWatch(name, parts.Mirror, fencing, () => parts.Lease.Sure, store, Time, NullLogger<FencingWatch>.Instance);
            var fetching = new PackageFetching(home, packages, record, () => throw new InvalidOperationException("Every package is here."), Time);
            var supply = new ClusterPackages(name, parts.Mirror, packages, contents, new(home, packages), fetching, parts.Reports, Time, NullLogger<ClusterPackages>.Instance)
            {
                Woken = wakeUp.Call, Ending = ending.Token,
            };
            var housekeeping = new Housekeeping(catalog, wanted, new(catalog, packages, Time), gate, parts.Shares, store, Time);
            var reconciler = new Reconciler(
                catalog, wanted, supervisor, contents, new(supervisor, contents, new InstancePlanner(home)), new(catalog, record, new InstanceFolders(home)), housekeeping, parts.Shares, supply, wakeUp, Time,
                NullLogger<Reconciler>.Instance);
            running = Task.WhenAll(parts.RunAsync(placement, etcdLeader, fencingWatch, wakeUp, ending.Token), reconciler.RunAsync(ending.Token));
        }

        public ClusterImage Image => parts.Mirror.Now;

        /// <summary>How often its lease was renewed.</summary>
        public int Extended => Volatile.Read(ref extended);

        public static async Task<Agent> StartAsync(string name, EtcdOptions options, PackageStore packages, TempFolder root)
        {
            var home = new Home(root[name]);
            Law.Ok(HomeFolders.Ensure(home));
            return new(name, Law.Ok(await EtcdStore.OpenAsync(options, null, Time, default)), Law.Ok(AuditLog.Open(home.Audit, AuditRedaction.Options(name), Time)), options, packages, home);
        }

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await store.DisposeAsync();
            audit.Dispose();
            wakeUp.Dispose();
            gate.Dispose();
            ending.Dispose();
        }
    }
}
