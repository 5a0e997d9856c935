using Holdfast.Cli.Documents;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Tests.Output;

/// <summary>How strong the fence is, where people and machines look.</summary>
public sealed class FenceTextTests
{
    [Fact]
    public void A_leader_is_shown_with_its_fence_why_it_is_no_stronger_and_that_of_each_node()
    {
        var led = new GetLeadershipResponse
        {
            Services =
            {
                new Leadership
                {
                    Service = "ledger", Leader = "node-1", Fence = "kill-only", FenceWhy = "node-2: the supervisor kills at the deadline",
                    Candidates = { new LeaderCandidate { Node = "node-1", Standby = "warm", Fence = "watchdog" }, new LeaderCandidate { Node = "node-2", Standby = "warm", Fence = "kill-only" } },
                },
                new Leadership { Service = "nobody's" },
            },
        };
        var text = ClusterText.Text(led, DateTimeOffset.UnixEpoch);
        Assert.Contains("kill-only (node-2: the supervisor kills at the deadline)", text, StringComparison.Ordinal);
        Assert.Contains("node-1: warm, watchdog, leads", text, StringComparison.Ordinal);
        Assert.Contains("node-2: warm, kill-only", text, StringComparison.Ordinal);
        Assert.Contains("none: no node may lead it", text, StringComparison.Ordinal);
        var document = ClusterText.Document(led)[0]!;
        Assert.Equal(("kill-only", "watchdog"), ((string?)document["fence"], (string?)document["candidates"]![0]!["fence"]));
    }

    [Fact]
    public void Nodes_are_shown_with_theirs()
    {
        var nodes = new ListNodesResponse { Nodes = { new ClusterNode { Name = "node-1", State = "present", Fence = "watchdog", FenceWhy = "/dev/watchdog resets the machine" } } };
        Assert.Contains("watchdog", ClusterText.Table(nodes, DateTimeOffset.UnixEpoch), StringComparison.Ordinal);
        Assert.Equal("/dev/watchdog resets the machine", (string?)ClusterText.Document(nodes)["nodes"]![0]!["fenceReason"]);
    }
}
