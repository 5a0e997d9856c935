using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Cluster;

public sealed class AvoidingTests
{
    [ClusterFact]
    public async Task A_service_leads_where_nothing_runs_that_it_avoids()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var noisy = new ServiceFolder(cluster.Nodes[0], "noisy").Write("while :; do sleep 1; done", "placement: {possible: [node-1]}");
        (await noisy.DeployAsync()).Ok();
        // By its name node-1 would be the first.
        await cluster.DeployWorkerAsync(placement: "avoid: [noisy]");
        await cluster.SeeEpochAsync(0);
        Assert.Equal("node-2", await cluster.LeaderNameAsync());
    }
}
