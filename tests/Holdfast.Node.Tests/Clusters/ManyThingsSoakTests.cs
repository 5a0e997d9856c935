using System.Collections.Concurrent;
using System.Globalization;
using Holdfast.Core.Leadership;
using Holdfast.Core.Operations;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Node.Tests.Operations;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using Holdfast.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;
using Operation = Holdfast.Storage.Operation;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>
/// What a cluster can hold: the parts of real agents, many of them in this process, and one real etcd. What it took is printed (bench/results/cluster-size-*.md keeps what was
/// seen); what fails here is that something does not work at such a size.
/// </summary>
[Trait("Category", "Soak")]
[Collection("many things")]
public sealed class ManyThingsSoakTests(ITestOutputHelper output)
{
    private static readonly TimeProvider Time = TimeProvider.System;

    [EtcdFact]
    public async Task Five_hundred_nodes_keep_their_leases_in_one_etcd()
    {
        const int nodes = 500;
        var length = TimeSpan.FromSeconds(3);
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var first = Law.Ok(await EtcdStore.CreateAsync(options, Time, default));
        using var ending = new CancellationTokenSource();
        var all = new List<Simulated>();
        for (var i = 0; i < nodes; i++) all.Add(await Simulated.OpenAsync($"node-{i}", options, length, ending.Token));
        await Eventually.SeeAsync("all of them, by each", () => all.TrueForAll(node => node.Mirror.Now.Presences.Documents.Count == nodes));

        // What they have done until now is their beginning.
        foreach (var node in all) node.Extensions.Clear();
        var lost = all.Sum(node => node.Granted);
        var (began, etcdBefore, ownBefore) = (Time.GetTimestamp(), SoakReport.ProcessorTimeOf(etcd.Members[0].Pid), SoakReport.ProcessorTimeOf(Environment.ProcessId));
        await Task.Delay(TimeSpan.FromMinutes(1), Time);
        var took = Time.GetElapsedTime(began);
        var (etcdCpu, ownCpu) = ((SoakReport.ProcessorTimeOf(etcd.Members[0].Pid) - etcdBefore) / took, (SoakReport.ProcessorTimeOf(Environment.ProcessId) - ownBefore) / took);
        var gaps = all.SelectMany(node => node.Extensions.Zip(node.Extensions.Skip(1), (one, next) => next - one)).Order().ToList();
        await ending.CancelAsync();
        foreach (var node in all) await node.DisposeAsync();

        Report(string.Create(CultureInfo.InvariantCulture,
            $"{nodes} nodes with leases of {length.TotalSeconds} s for {took.TotalSeconds:0} s: {gaps.Count / took.TotalSeconds:0} renewals a second, " +
            $"between two of a node {gaps[gaps.Count / 2].TotalMilliseconds:0} ms (median), {gaps[(int)(gaps.Count * 0.999)].TotalMilliseconds:0} ms (999 in 1,000), {gaps[^1].TotalMilliseconds:0} ms (most); " +
            $"etcd took {etcdCpu:0.00} of a core, the {nodes} agents' parts {ownCpu:0.00}"));
        Assert.Equal(lost, all.Sum(node => node.Granted));
    }

    [EtcdFact]
    public Task A_thousand_services_are_looked_at_after_a_restart_and_one_more_is_placed_beside_them() => PlaceAsync(1_000);

    [EtcdFact]
    public Task Ten_thousand_services_are_looked_at_after_a_restart_and_one_more_is_placed_beside_them() => PlaceAsync(10_000);

    private async Task PlaceAsync(int services)
    {
        using var root = new TempFolder();
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var store = Law.Ok(await EtcdStore.CreateAsync(options, Time, default));
        for (var i = 1; i <= 3; i++)
        {
            await PutAsync(store, new Operation.Put(StateKeys.Node($"node-{i}"), StateJson.Write(new NodeRecord($"node-{i}", "1.0.0", "linux", Time.GetUtcNow()), StateJson.Default.DocumentNodeRecord)),
                new Operation.Put(StateKeys.Presence($"node-{i}"), StateJson.Write(new Presence($"node-{i}", i, Time.GetUtcNow()), StateJson.Default.DocumentPresence)));
        }

        foreach (var some in Enumerable.Range(0, services).Chunk(40)) await PutAsync(store, [.. some.SelectMany(i => Service($"service-{i:00000}"))]);
        using var audit = Law.Ok(AuditLog.Open(root["audit"], AuditRedaction.Options("node-1"), Time));

        TimeSpan first, again;
        var one = new List<double>();
        await using (var plane = await Plane.StartAsync(options, audit))
        {
            first = await plane.SeePlacedAsync(services);
        }

        await PutAsync(store, Service("waiting"));
        await using (var plane = await Plane.StartAsync(options, audit))
        {
            // It is placed in the look that goes through all of them.
            again = await plane.SeeAsync("waiting");
            for (var i = 0; i < 20; i++)
            {
                var began = Time.GetTimestamp();
                await PutAsync(store, Service($"later-{i}"));
                await plane.SeeAsync($"later-{i}");
                one.Add(Time.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        var times = one.Order().ToList();
        Report(string.Create(CultureInfo.InvariantCulture,
            $"{services} services: placed for the first time in {first.TotalSeconds:0.0} s; after a restart all of them looked at in {again.TotalSeconds:0.00} s; " +
            $"one more is placed {times[times.Count / 2]:0} ms (median), {times[^1]:0} ms (most) after its deploy is written"));
    }

    private void Report(string text)
    {
        output.WriteLine(text);
        SoakReport.Keep(text);
    }

    private static async Task PutAsync(EtcdStore store, params Operation[] puts) => Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new() { Then = puts }, default));

    private static Operation[] Service(string name)
    {
        var id = $"op-{name}";
        var at = Time.GetUtcNow();
        return
        [
            new Operation.Put(StateKeys.Service(name), StateJson.Write(new ServiceRecord { Name = name, Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = id }, StateJson.Default.DocumentServiceRecord)),
            new Operation.Put(StateKeys.Release(name, 1), StateJson.Write(
                new ReleaseRecord
                {
                    Service = name, Number = 1, Version = "1.0.0", PackageDigest = "sha256:" + new string('0', 64), CreatedAt = at, CreatedBy = "alice", State = ReleaseState.Current,
                    Placement = new PlacementSpec { Mode = PlacementMode.ActiveStandby },
                },
                StateJson.Default.DocumentReleaseRecord)),
            new Operation.Put(StateKeys.Operation(id), StateJson.Write(
                new Core.Operations.Operation { Id = id, Action = OperationAction.Deploy, Service = name, Actor = "alice", StartedAt = at, Release = 1, Phase = OperationPhase.Done }, StateJson.Default.DocumentOperation)),
        ];
    }

    /// <summary>What an agent keeps up with the store whether anything happens or not: its lease, its presence, its image.</summary>
    private sealed class Simulated : IAsyncDisposable
    {
        private readonly EtcdStore store;
        private readonly List<Task> loops = [];
        private int granted;

        private Simulated(EtcdStore store) => (this.store, Mirror) = (store, new(store, Time));

        public StoreMirror Mirror { get; }

        /// <summary>When the renewals were sent that its supervisor heard of.</summary>
        public ConcurrentQueue<TimeSpan> Extensions { get; } = new();

        /// <summary>How many leases it had.</summary>
        public int Granted => Volatile.Read(ref granted);

        public static async Task<Simulated> OpenAsync(string name, EtcdOptions options, TimeSpan length, CancellationToken cancel)
        {
            var node = new Simulated(Law.Ok(await EtcdStore.OpenAsync(options, null, Time, default)));
            var terms = Law.Ok(LeaseTerms.Of(length, TimeSpan.Zero));
            var supervisor = new FakeSupervisor { Extended = hardAt => node.Extensions.Enqueue(hardAt - terms.Hard) };
            var holders = new LeaseHolders(supervisor, NullLogger<LeaseHolders>.Instance);
            var keeper = new LeaseKeeper(node.store, length, holders, BootClock.Instance, NullLogger<LeaseKeeper>.Instance);
            var presence = new PresenceKeeper(node.store, name, () => new(name, "1.0.0", "linux", Time.GetUtcNow()), Time);
            keeper.Changed = lease =>
            {
                if (lease is not null) Interlocked.Increment(ref node.granted);
                presence.LeaseIs(lease);
            };
            node.loops.AddRange([node.Mirror.RunAsync(cancel), holders.RunAsync(cancel), presence.RunAsync(cancel), keeper.RunAsync(LeaseMachine.Begin, cancel)]);
            return node;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var loop in loops) await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await store.DisposeAsync();
        }
    }

    /// <summary>What places services, as the agent of node-1 has it.</summary>
    private sealed class Plane : IAsyncDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private readonly EtcdStore store;
        private readonly StoreMirror mirror;
        private readonly long began = Time.GetTimestamp();
        private readonly Task running;

        private Plane(EtcdStore store, AuditLog audit)
        {
            this.store = store;
            mirror = new(store, Time);
            var catalog = new ServiceCatalog(store, Time, mirror);
            var placement = new PlacementKeeper("node-1", catalog, new(catalog), mirror, new ChangeRecord(audit), Time, NullLogger<PlacementKeeper>.Instance);
            mirror.Changed = placement.Show;
            running = Task.WhenAll(mirror.RunAsync(ending.Token), placement.RunAsync(ending.Token));
        }

        public static async Task<Plane> StartAsync(EtcdOptions options, AuditLog audit) => new(Law.Ok(await EtcdStore.OpenAsync(options, null, Time, default)), audit);

        /// <returns>How long after its beginning.</returns>
        public Task<TimeSpan> SeeAsync(string service) => SeeAsync(image => image.Placements.Find(service) is not null);

        /// <inheritdoc cref="SeeAsync(string)"/>
        public Task<TimeSpan> SeePlacedAsync(int services) => SeeAsync(image => image.Placements.Documents.Count >= services);

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await store.DisposeAsync();
            ending.Dispose();
        }

        private async Task<TimeSpan> SeeAsync(Func<ClusterImage, bool> seen)
        {
            // Five minutes for what takes seconds: only what never comes gets there.
            while (!seen(mirror.Now))
            {
                Assert.True(Time.GetElapsedTime(began) < TimeSpan.FromMinutes(5), "It never came.");
                await Task.Delay(TimeSpan.FromMilliseconds(1), Time);
            }

            return Time.GetElapsedTime(began);
        }
    }
}
