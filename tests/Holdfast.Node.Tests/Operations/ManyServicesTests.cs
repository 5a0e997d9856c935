using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Node.Api;
using Holdfast.Node.State;
using Xunit.Abstractions;

namespace Holdfast.Node.Tests.Operations;

/// <summary>A node with a thousand services: what a look at it costs is counted; how long it takes is only told.</summary>
public sealed class ManyServicesTests(ITestOutputHelper output)
{
    private const int Services = 1000;

    [Fact]
    public async Task Looking_at_a_thousand_services_reads_ranges_and_not_each_service()
    {
        await using var node = await TestNode.StartAsync();
        await SeedAsync(node);
        await node.RestartAgentAsync();
        var view = new InstanceView(node.Agent.Catalog, node.Agent.Wanted, node.Agent.Contents, node.Supervisor, new(node.Clock), node.Home, "test", null, node.Clock);

        Assert.InRange(await ReadsAsync("first ps", () => view.ListAsync("", false, default)), 1, 5);
        Assert.InRange(await ReadsAsync("second ps", () => view.ListAsync("", false, default)), 1, 1);
        Assert.InRange(await ReadsAsync("first passes", node.Agent.SettleAsync), 1, 8);
        Assert.InRange(await ReadsAsync("pass without change", () => node.Agent.Reconciler.PassAsync(default)), 1, 1);
        Assert.InRange(await ReadsAsync("restart of one", async () => await node.Agent.SettledAsync(node.Agent.Intake.RestartAsync("service-7", TestAgent.By("r"), default))), 1, 50);
        Assert.InRange(await ReadsAsync("ps after it", () => view.ListAsync("", false, default)), 1, 3);
        Assert.Equal(Services, (await view.ListAsync("", false, default)).Value.Instances.Count);

        async Task<int> ReadsAsync(string what, Func<Task> work)
        {
            var (before, start) = (node.Agent.Store.Ranges, TimeProvider.System.GetTimestamp());
            await work();
            var reads = node.Agent.Store.Ranges - before;
            output.WriteLine($"{what}: {reads} reads, {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0} ms");
            return reads;
        }
    }

    private static async Task SeedAsync(TestNode node)
    {
        var digest = await node.Shelf.PackageAsync("many");
        foreach (var some in Enumerable.Range(0, Services).Chunk(40))
        {
            var change = new CatalogChange();
            foreach (var number in some)
            {
                var name = $"service-{number}";
                change
                    .Put(new ServiceRecord { Name = name, Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = $"deploy-{number}" }, 0)
                    .Put(new ReleaseRecord { Service = name, Number = 1, Version = "1.0.0", PackageDigest = digest, CreatedAt = node.Clock.GetUtcNow(), CreatedBy = "alice", State = ReleaseState.Current }, 0)
                    .Put(new Operation { Id = $"deploy-{number}", Action = OperationAction.Deploy, Service = name, Actor = "alice", StartedAt = node.Clock.GetUtcNow(), Release = 1, Phase = OperationPhase.Done, Recorded = true }, 0);
            }

            Assert.True((await node.Agent.Catalog.CommitAsync(change, default)).Value);
        }
    }
}
