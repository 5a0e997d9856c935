using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>A service with a supervisor of its own: what happens to that, or to another, stays there.</summary>
public sealed class DedicatedTests
{
    private const string Dedicated = "supervisor: dedicated";

    /// <summary>Says so when another copy of it runs already.</summary>
    private const string Alone = """
        mkdir running || echo TWICE
        trap 'rmdir running; echo ending; exit 0' TERM
        echo started
        while :; do sleep 0.05; done
        """;

    [Fact]
    public async Task Law02_a_killed_supervisor_takes_its_own_services_with_it_and_no_other()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        (await new ServiceFolder(node, "ledger").Write(ServiceFolder.Steady, Dedicated).DeployAsync()).Ok();
        (await new ServiceFolder(node, "vault").Write(ServiceFolder.Steady, Dedicated).DeployAsync()).Ok();
        var (orders, ledger, vault) = (await node.PsAsync("orders"), await node.PsAsync("ledger"), await node.PsAsync("vault"));
        Assert.Equal(("shared", "dedicated", "dedicated"), (orders.Supervisor, ledger.Supervisor, vault.Supervisor));
        Assert.Equal(4, new[] { 0, node.SupervisorPid, node.SupervisorPidOf("ledger"), node.SupervisorPidOf("vault") }.Distinct().Count());

        TestNode.Signal(node.SupervisorPidOf("ledger"), 9);
        var ledgerAgain = await node.SeeAsync("running again", "ledger", row => row is { State: "running", Pid: > 0 } && row.Pid != ledger.Pid);
        Assert.False(TestNode.Lives(ledger.Pid));
        Assert.Equal((orders.Pid, vault.Pid), ((await node.PsAsync("orders")).Pid, (await node.PsAsync("vault")).Pid));

        TestNode.Signal(node.SupervisorPid, 9);
        var ordersAgain = await node.SeeAsync("running again", "orders", row => row is { State: "running", Pid: > 0 } && row.Pid != orders.Pid);
        Assert.False(TestNode.Lives(orders.Pid));
        Assert.Equal((ledgerAgain.Pid, vault.Pid), ((await node.PsAsync("ledger")).Pid, (await node.PsAsync("vault")).Pid));
        Assert.Equal((0, 0), (ordersAgain.Restarts, ledgerAgain.Restarts));
    }

    [Fact]
    public async Task Law03_without_an_agent_its_guard_starts_it_and_the_next_agent_finds_both()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "ledger").Write(ServiceFolder.Steady, Dedicated).DeployAsync()).Ok();
        var before = await node.PsAsync("ledger");
        await node.KillAgentAsync();
        TestNode.Signal(node.SupervisorPidOf("ledger"), 9);
        await Eventually.SeeAsync("the end of its service", () => !TestNode.Lives(before.Pid));

        await node.StartAgentAsync();
        await node.SeeAsync("running again", "ledger", row => row is { State: "running", Pid: > 0 } && row.Pid != before.Pid);

        // Both at once: then nobody but the agent is left to start it.
        var (guard, supervisor) = (node.GuardPidOf("ledger"), node.SupervisorPidOf("ledger"));
        TestNode.Signal(guard, 9);
        TestNode.Signal(supervisor, 9);
        await node.SeeAsync("running under another supervisor", "ledger", row => row is { State: "running", Pid: > 0 } && node.SupervisorPidOf("ledger") is var now && now > 0 && now != supervisor);
    }

    [Fact]
    public async Task Law03_an_upgrade_replaces_it_as_well_and_its_service_does_not_notice()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "ledger").Write(ServiceFolder.Steady, Dedicated).DeployAsync()).Ok();
        var before = await node.PsAsync("ledger");
        var (guard, supervisor) = (node.GuardPidOf("ledger"), node.SupervisorPidOf("ledger"));
        var next = node.CopyOfPrograms("next");

        (await node.HoldfastAsync("upgrade", "--to", next)).Ok();

        Assert.Equal((before.Pid, supervisor), ((await node.PsAsync("ledger")).Pid, node.SupervisorPidOf("ledger")));
        Assert.StartsWith(next, Platform.ProcessFacts.Executable(supervisor), StringComparison.Ordinal);
        await Eventually.SeeAsync("its guard is of the next version", () => Platform.ProcessFacts.Executable(guard)?.StartsWith(next, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_deploy_moves_it_to_a_supervisor_of_its_own_and_back_and_it_never_runs_twice()
    {
        await using var node = await TestNode.StartAsync();
        var folder = new ServiceFolder(node, "ledger");
        (await folder.Write(Alone).DeployAsync()).Ok();
        var shared = await node.PsAsync("ledger");

        (await folder.Write(Alone, Dedicated, "2.0.0").DeployAsync("2.0.0")).Ok();
        var own = await node.PsAsync("ledger");
        Assert.Equal(("running", 2, "dedicated"), (own.State, own.Release, own.Supervisor));
        Assert.False(TestNode.Lives(shared.Pid));
        Assert.Empty(Directory.GetFiles(Path.Combine(node.Home, "supervisor", "instances")));
        (await node.HoldfastAsync("doctor")).Expect(0);

        var (guard, supervisor) = (node.GuardPidOf("ledger"), node.SupervisorPidOf("ledger"));
        (await node.HoldfastAsync("rollback", "ledger")).Ok();
        var back = await node.PsAsync("ledger");
        Assert.Equal(("running", 3, "shared"), (back.State, back.Release, back.Supervisor));
        Assert.False(TestNode.Lives(own.Pid));

        // Its own has nothing to keep any more.
        await Eventually.SeeAsync("the end of its supervisor and of that one's guard", () => !TestNode.Lives(supervisor) && !TestNode.Lives(guard));
        await Eventually.SeeAsync("nothing but its journal is left", () => Directory.GetFileSystemEntries(Path.Combine(node.Home, "supervisors", "ledger")).Select(Path.GetFileName).SequenceEqual(["journal"]));
        Assert.DoesNotContain("TWICE", (await node.HoldfastAsync("logs", "ledger")).Ok().Output, StringComparison.Ordinal);

        // What happened under either is told, in the order in which it happened.
        var events = (await node.HoldfastAsync("events", "ledger")).Ok().Output;
        var lines = events.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([1, 2, 3], lines.Where(line => line.Contains("  started", StringComparison.Ordinal)).Select(line => line.Contains("  r1 ", StringComparison.Ordinal) ? 1 : line.Contains("  r2 ", StringComparison.Ordinal) ? 2 : 3).Distinct());
        var times = lines.Select(line => line.Split(' ')[0]).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
    }

    [Fact]
    public async Task A_release_that_fails_under_its_own_supervisor_comes_back_under_the_shared_one()
    {
        await using var node = await TestNode.StartAsync();
        var folder = new ServiceFolder(node, "ledger");
        (await folder.Write(Alone).DeployAsync()).Ok();

        // Without a word of its own it would be ready from its start to its end, and somebody could look just then.
        (await folder.Write("exit 3", Dedicated + "\nready: notify\nrestart: {attempts: 0}", "2.0.0").DeployAsync("2.0.0")).Expect(7);

        var row = await node.PsAsync("ledger");
        Assert.Equal(("running", 1, "shared"), (row.State, row.Release, row.Supervisor));
        Assert.DoesNotContain("TWICE", (await node.HoldfastAsync("logs", "ledger")).Ok().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_the_service_ends_its_supervisor()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "ledger").Write(ServiceFolder.Steady, Dedicated).DeployAsync()).Ok();
        var (guard, supervisor) = (node.GuardPidOf("ledger"), node.SupervisorPidOf("ledger"));

        (await node.HoldfastAsync("remove", "ledger")).Ok();

        await Eventually.SeeAsync("the end of its supervisor and of that one's guard", () => !TestNode.Lives(supervisor) && !TestNode.Lives(guard));
        await Eventually.SeeAsync("its socket is gone", () => !File.Exists(Path.Combine(node.Home, "run", "supervisor-ledger.sock")));
        Assert.Contains("removed", (await node.HoldfastAsync("events", "ledger")).Ok().Output, StringComparison.Ordinal);
    }
}
