using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests;

/// <summary>What users of other supervisors complain about, on a whole node; docs/complaints.md has the list.</summary>
public sealed class ComplaintTests
{
    [Fact]
    public async Task Nomad5593_and_5919_and_16922_and_17424_an_agent_that_ends_or_dies_leaks_nothing_and_restarts_nothing()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        (await new ServiceFolder(node, "ledger").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var (orders, ledger, supervisor, guard) = (await node.PsAsync("orders"), await node.PsAsync("ledger"), node.SupervisorPid, node.GuardPid);
        var children = ChildrenOf(supervisor);
        var files = ProcessFacts.OpenFiles(supervisor);
        // Nothing of the node's is in the agent's session, or descends from it: who ends all that is the agent's ends the agent.
        Assert.Empty(ChildrenOf(node.AgentPid));
        Assert.DoesNotContain(Session(node.AgentPid), new[] { guard, supervisor, orders.Pid, ledger.Pid }.Select(Session));

        await node.StopAgentAsync();
        Assert.True(TestNode.Lives(orders.Pid));
        await node.StartAgentAsync();
        await node.KillAgentAsync();
        await node.StartAgentAsync();

        Assert.Equal((orders.Pid, 0), await PidAndRestartsAsync(node, "orders"));
        Assert.Equal((ledger.Pid, 0), await PidAndRestartsAsync(node, "ledger"));
        Assert.Equal((supervisor, guard), (node.SupervisorPid, node.GuardPid));
        Assert.Equal(children, ChildrenOf(supervisor));
        if (files is { } before) Assert.InRange(ProcessFacts.OpenFiles(supervisor)!.Value, 0, before + 3);
    }

    [Fact]
    public async Task Nomad11278_a_service_that_writes_without_end_does_not_wait_for_an_agent_that_hangs()
    {
        await using var node = await TestNode.StartAsync();
        const string Flood = """
            echo ready
            trap 'seq 1 200000; : > flooded' USR1
            trap 'exit 0' TERM
            while :; do sleep 0.05; done
            """;
        (await new ServiceFolder(node, "flood").Write(Flood).DeployAsync()).Ok();
        var row = await node.PsAsync("flood");
        await Eventually.SeeAsync("its first line", async () => await JourneyTests.LinesAsync(node, "flood", line => line == "ready"), lines => lines.Count == 1);

        TestNode.Signal(node.AgentPid, 19);
        try
        {
            TestNode.Signal(row.Pid, 10);
            await Eventually.SeeAsync("all is written", () => File.Exists(Path.Combine(node.Home, "instances", "flood-0", "flooded")));
        }
        finally
        {
            TestNode.Signal(node.AgentPid, 18);
        }

        var lines = await JourneyTests.LinesAsync(node, "flood", line => line != "ready");
        Assert.Equal("200000", lines[^1]);
        Assert.Equal(row.Pid, (await node.PsAsync("flood")).Pid);
    }

    [Fact]
    public async Task Kardianos292_a_service_that_stops_itself_is_stopped()
    {
        await using var node = await TestNode.StartAsync();
        // It waits for the stop, which waits for it: the stop's own limit ends that.
        var script = $"trap 'exit 0' TERM\n[ ! -e go ] || {{ rm go; HOLDFAST_HOME={node.Home} {Programs.Holdfast} stop orders; }}\nwhile :; do sleep 0.05; done";
        (await new ServiceFolder(node, "orders").Write(script, "stop: {timeout: 1s}").DeployAsync()).Ok();
        await File.WriteAllTextAsync(Path.Combine(node.Home, "instances", "orders-0", "go"), "");
        TestNode.Signal((await node.PsAsync("orders")).Pid, 9);

        await node.SeeAsync("stopped by itself", "orders", row => row.State == "stopped");
        (await node.HoldfastAsync("start", "orders")).Ok();
        await node.SeeAsync("running again", "orders", row => row.State == "running");
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [Fact]
    public async Task Winsw1092_any_letters_may_be_in_paths_names_and_lines()
    {
        var root = Directory.CreateTempSubdirectory("hf-").FullName;
        try
        {
            await using var node = TestNode.Create(Path.Combine(root, "节点 ü"));
            (await node.HoldfastAsync("keys", "init")).Ok();
            await node.StartAgentAsync();
            var orders = new ServiceFolder(node, "orders").Write("");
            orders.WriteSpec("""
                apiVersion: holdfast/v1
                kind: Service
                name: orders
                version: 1.0.0
                description: 订单
                command: ["程序-é.sh", "参数 ü"]
                environment: {GREETING: 你好}
                """);
            orders.WriteFile("程序-é.sh", $"#!/bin/sh\necho \"$GREETING $1 $PWD\"\n{ServiceFolder.Steady}\n", executable: true);
            (await orders.DeployAsync()).Ok();

            var line = Assert.Single(await Eventually.SeeAsync("its line", async () => await JourneyTests.LinesAsync(node, "orders", line => line.StartsWith("你好", StringComparison.Ordinal)), lines => lines.Count > 0));
            Assert.Equal($"你好 参数 ü {node.Home}/instances/orders-0", line);
            TestNode.Signal((await node.PsAsync("orders")).Pid, 9);
            await node.SeeAsync("restarted", "orders", row => row is { State: "running", Restarts: 1 });
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Winsw39_our_own_log_does_not_grow_for_ever()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var log = new SupervisorPlace(new Home(node.Home)).Log;
        await File.AppendAllTextAsync(log, new string('x', (int)OwnLog.Most) + "\n");

        TestNode.Signal(node.SupervisorPid, 9);

        await Eventually.SeeAsync("the log begun anew", () => new FileInfo(log).Length < OwnLog.Most && File.ReadAllText(log).Contains("keeps 1 instances", StringComparison.Ordinal));
        Assert.True(new FileInfo(OwnLog.Earlier(log)).Length > OwnLog.Most);
    }

    private static async Task<(int Pid, int Restarts)> PidAndRestartsAsync(TestNode node, string service)
    {
        var row = await node.SeeAsync("running", service, seen => seen is { State: "running", Pid: > 0 });
        return (row.Pid, row.Restarts);
    }

    private static int Session(int pid) => ProcessFacts.Read(pid)!.Session;

    private static List<int> ChildrenOf(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && ProcessFacts.Read(pid) is { Ended: false } facts && facts.ParentPid == parent)
            .Order(),
    ];
}
