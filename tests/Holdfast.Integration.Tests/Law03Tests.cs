using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>The agent is dispensable.</summary>
public sealed class Law03Tests
{
    [Fact]
    public async Task Law03_a_killed_agent_is_not_noticed_and_misses_nothing()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var before = await node.PsAsync("orders");
        var supervisor = node.SupervisorPid;

        await node.KillAgentAsync();
        Assert.True(TestNode.Lives(before.Pid));
        TestNode.Signal(before.Pid, 9);
        await Eventually.SeeAsync("its end", () => !TestNode.Lives(before.Pid));

        await node.StartAgentAsync();
        var after = await node.SeeAsync("restarted without an agent", "orders", row => row.State == "running" && row.Pid != before.Pid);
        Assert.Equal(1, after.Restarts);
        Assert.Equal(supervisor, node.SupervisorPid);
        Assert.Contains("SIGKILL", (await node.HoldfastAsync("events", "orders")).Ok().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Law11_a_deploy_goes_on_when_the_agent_is_killed_in_the_middle()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);
        (await orders.DeployAsync()).Ok();
        var package = await orders.Write("sleep 1\n" + ServiceFolder.Steady, "ready: notify\nreadyDeadline: 3s", "2.0.0").SignedAsync("2.0.0");

        var deploy = node.HoldfastAsync("deploy", package);
        await node.SeeAsync("on its way to release 2", "orders", row => row.Release == 2);
        await node.KillAgentAsync();
        await node.StartAgentAsync();
        // The command asks the next agent for the same operation, and gets its outcome.
        (await deploy).Expect(7);

        var row = await node.SeeAsync("back at release 1", "orders", seen => seen is { Release: 1, State: "running" });
        Assert.True(row.Pid > 0);
        await Eventually.SeeAsync("the outcome in the audit log", async () => (await node.HoldfastAsync("audit", "list")).Ok().Output,
            audit => audit.Contains("failed", StringComparison.Ordinal));
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [Fact]
    public async Task A_supervisor_that_died_is_started_again_and_its_services_with_it()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var before = await node.PsAsync("orders");

        TestNode.Signal(node.SupervisorPid, 9);

        var after = await node.SeeAsync("running again", "orders", row => row.State == "running" && row.Pid != before.Pid && row.Pid > 0);
        Assert.False(TestNode.Lives(before.Pid));
        Assert.Equal(before.Restarts, after.Restarts);
    }
}
