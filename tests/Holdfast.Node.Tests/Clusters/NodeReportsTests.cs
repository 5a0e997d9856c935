using Holdfast.Core.Leadership;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Node.Tests.Operations;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>What a node says of its instances, and under which lease.</summary>
public sealed class NodeReportsTests
{
    [Fact]
    public async Task What_an_earlier_lease_still_says_is_said_again_under_the_new_one()
    {
        await using var node = await TestNode.StartAsync();
        var (former, present) = (await LeaseAsync(node.Store), await LeaseAsync(node.Store));
        var status = Standing("orders");
        var report = StateJson.Write(InstanceReport.Of("node-1", status), StateJson.Default.DocumentInstanceReport);
        var presence = StateJson.Write(new Presence("node-1", present, DateTimeOffset.UnixEpoch), StateJson.Default.DocumentPresence);
        var before = new Transaction { Then = [new Operation.Put(StateKeys.Report("node-1", "orders"), report, former), new Operation.Put(StateKeys.Presence("node-1"), presence, present)] };
        Assert.IsType<CommitResult.Decided>(await node.Store.CommitAsync(before, default));

        using var ending = new CancellationTokenSource();
        var mirror = new StoreMirror(node.Store, TimeProvider.System);
        var looking = mirror.RunAsync(ending.Token);
        await Eventually.SeeAsync("the image", () => mirror.Now.Report("node-1", "orders") is not null);
        var keeper = new LeaseKeeper(node.Store, TimeSpan.FromSeconds(60), new(node.Supervisor, NullLogger<LeaseHolders>.Instance), BootClock.Instance, NullLogger<LeaseKeeper>.Instance);
        var now = BootClock.SinceBoot;
        var terms = LeaseTerms.Of(TimeSpan.FromSeconds(60), TimeSpan.Zero).Value;
        var keeping = keeper.RunAsync(new LeaseState.Held(present, terms, now, now + terms.RenewEvery, now, null), ending.Token);
        var reports = new NodeReports("node-1", node.Store, mirror, keeper, TimeProvider.System);
        Assert.True(await reports.TellAsync([status], default));
        var said = (await node.Store.RangeAsync(new(KeyRange.Single(StateKeys.Report("node-1", "orders"))), default)).Value.Items.Single();
        Assert.Equal(present, said.Lease);

        // What has not changed is not said again, also by an agent that comes back to the same lease.
        Assert.True(await new NodeReports("node-1", node.Store, mirror, keeper, TimeProvider.System).TellAsync([status], default));
        var again = (await node.Store.RangeAsync(new(KeyRange.Single(StateKeys.Report("node-1", "orders"))), default)).Value.Items.Single();
        Assert.Equal(said.ModRevision, again.ModRevision);
        await ending.CancelAsync();
        await Task.WhenAll(looking, keeping);
    }

    private static async Task<long> LeaseAsync(IStore store) => (await store.GrantLeaseAsync(TimeSpan.FromSeconds(60), default)).Value.Id;

    private static InstanceStatus Standing(string service) => new()
    {
        Instance = $"{service}-1", Service = service, Release = 1, PackageDigest = "sha256:1", Incarnation = 1, Wanted = RunState.Running, State = InstanceState.Running,
        Health = Core.Health.HealthState.Healthy, Reason = "it runs", Since = DateTimeOffset.UnixEpoch,
    };
}
