using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Operations;

namespace Holdfast.Node.Tests.Operations;

/// <summary>Operations whose package is on its way.</summary>
public sealed class SupplyTests
{
    [Fact]
    public async Task A_deploy_whose_package_does_not_come_ends_at_its_time()
    {
        await using var node = await TestNode.StartAsync();
        node.Shares = new TestShares { TakenUpWithin = TimeSpan.FromMinutes(2) };
        node.Supply = new Coming();
        await node.RestartAgentAsync();
        var begun = await node.Agent.DeployAsync(await node.Shelf.PackageAsync("orders"), "one");
        Assert.True(begun.IsOk);
        Assert.Equal(Coming.Wait, await node.Agent.SettleAsync());
        Assert.False((await node.Agent.Catalog.FindOperationAsync("one", default)).Value!.IsFinished);

        node.Clock.Advance(TimeSpan.FromMinutes(3));
        await node.Agent.SettleAsync();
        var ended = (await node.Agent.Catalog.FindOperationAsync("one", default)).Value!;
        Assert.Equal(OperationPhase.Failed, ended.Phase);
        Assert.Contains("no node has taken it up within 120 s", ended.Reason, StringComparison.Ordinal);
        Assert.Empty(node.Supervisor.Calls);
    }

    private sealed class Coming : IPackageSupply
    {
        public static TimeSpan Wait { get; } = TimeSpan.FromSeconds(2);

        public TimeSpan? Look(ServiceRecord service, Outcome<ReleaseRecord> release, ServiceShare share) => service.Run == RunState.Running ? Wait : null;

        public void NotHere(ServiceRecord service)
        {
        }

        public void Obstructed(ServiceRecord service, Outcome<ReleaseRecord> release, Problem problem)
        {
        }
    }
}
