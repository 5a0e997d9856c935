using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests;

/// <summary>No orphan: what a supervisor kept ends with it, however it and its guard end, and the services are running again.</summary>
public sealed class Law02Tests(ITestOutputHelper output)
{
    [Fact]
    public async Task Law02_a_killed_supervisor_leaves_nobody_and_its_services_run_again_uncounted()
    {
        await using var node = await TestNode.StartAsync();
        await SurvivesAsync(node, node.Containment);
    }

    [RootFact]
    public async Task Law02_holds_for_an_ordinary_account_without_a_cgroup_too()
    {
        await using var node = await TestNode.StartWithoutRootAsync();
        await SurvivesAsync(node, ContainmentKind.Session);
    }

    [RootFact]
    public async Task Law02_holds_for_root_without_a_cgroup_too()
    {
        await using var node = await TestNode.StartWithoutCgroupsAsync();
        await SurvivesAsync(node, ContainmentKind.Session);
    }

    [DelegationFact]
    public async Task Law02_holds_for_an_ordinary_account_with_a_cgroup_of_its_own_too()
    {
        using var delegated = new DelegatedCgroup();
        await using var node = await TestNode.StartWithoutRootAsync(delegated);
        await SurvivesAsync(node, ContainmentKind.Cgroup);
    }

    [Fact]
    public async Task Law02_needs_no_agent()
    {
        await using var node = await TestNode.StartAsync();
        var slippery = await Slippery.DeployAsync(node);
        var before = await slippery.SeeAllAsync();
        await node.KillAgentAsync();

        TestNode.Signal(node.SupervisorPid, 9);

        await Slippery.SeeGoneAsync(before);
        var after = await slippery.SeeAllAsync(before);
        await node.StartAgentAsync();
        Assert.Equal(after["pid-main"], (await node.PsAsync("slippery")).Pid);
    }

    [Fact]
    public async Task Law02_a_killed_guard_is_not_noticed_and_its_successor_does_the_same()
    {
        await using var node = await TestNode.StartAsync();
        var slippery = await Slippery.DeployAsync(node);
        var before = await slippery.SeeAllAsync();
        var (guard, supervisor) = (node.GuardPid, node.SupervisorPid);

        TestNode.Signal(guard, 9);
        await Eventually.SeeAsync("another guard", () => node.GuardPid != guard && TestNode.Lives(node.GuardPid));
        Assert.Equal(supervisor, node.SupervisorPid);
        Assert.All(before.Values, pid => Assert.True(TestNode.Lives(pid)));

        var next = node.GuardPid;
        TestNode.Signal(supervisor, 9);
        await Slippery.SeeGoneAsync(before);
        await slippery.SeeAllAsync(before);
        var row = await node.SeeAsync("running again", "slippery", seen => seen is { State: "running", Pid: > 0 } && seen.Pid != before["pid-main"]);
        Assert.Equal(0, row.Restarts);
        Assert.Equal(next, ProcessFacts.Read(node.SupervisorPid)?.ParentPid);
    }

    [Fact]
    public async Task Law02_a_guard_and_its_supervisor_killed_at_once_are_replaced_by_the_agent()
    {
        await using var node = await TestNode.StartAsync();
        var slippery = await Slippery.DeployAsync(node);
        var before = await slippery.SeeAllAsync();
        var guard = node.GuardPid;

        // Stopped first: neither sees the other's end.
        TestNode.Signal(guard, 19);
        TestNode.Signal(node.SupervisorPid, 9);
        TestNode.Signal(guard, 9);

        await Slippery.SeeGoneAsync(before);
        await slippery.SeeAllAsync(before);
        Assert.NotEqual(guard, node.GuardPid);
    }

    [Fact]
    public async Task Supervisors_that_die_again_and_again_are_started_again_and_again()
    {
        await using var node = await TestNode.StartAsync();
        var slippery = await Slippery.DeployAsync(node);
        var guard = node.GuardPid;
        for (var round = 0; round < 4; round++)
        {
            var before = await slippery.SeeAllAsync();
            TestNode.Signal(node.SupervisorPid, 9);
            await Slippery.SeeGoneAsync(before);
            await slippery.SeeAllAsync(before);
        }

        Assert.Equal(guard, node.GuardPid);
        Assert.Equal(0, (await node.SeeAsync("running", "slippery", seen => seen.State == "running")).Restarts);
    }

    [Fact]
    public async Task A_supervisor_that_is_told_to_end_takes_its_guard_with_it()
    {
        await using var node = await TestNode.StartAsync();
        await Eventually.SeeAsync("a supervisor", () => node.HasSupervisor);
        var (guard, supervisor) = (node.GuardPid, node.SupervisorPid);
        await node.KillAgentAsync();

        TestNode.Signal(supervisor, 15);

        await Eventually.SeeAsync("the end of both", () => !TestNode.Lives(guard) && !TestNode.Lives(supervisor));
        Assert.False(File.Exists(Path.Combine(node.Home, "supervisor", "identity.json")));
    }

    [Fact]
    public async Task A_guard_that_is_told_to_end_stops_the_services_first()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var (guard, supervisor, service) = (node.GuardPid, node.SupervisorPid, (await node.PsAsync("orders")).Pid);
        await node.KillAgentAsync();

        TestNode.Signal(guard, 15);

        await Eventually.SeeAsync("the end of all", () => !TestNode.Lives(guard) && !TestNode.Lives(supervisor) && !TestNode.Lives(service));
        await node.StartAgentAsync();
        Assert.Contains("ending", await JourneyTests.LinesAsync(node, "orders", _ => true));
    }

    [Fact]
    public async Task A_second_guard_names_the_first_and_ends()
    {
        await using var node = await TestNode.StartAsync();
        await Eventually.SeeAsync("a supervisor", () => node.HasSupervisor);
        var second = await Programs.RunAsync(Path.Combine(Programs.Folder, "holdfast-supervisor"), ["guard", "--home", node.Home], node.Work);
        second.Expect(5);
        Assert.Contains(node.GuardPid.ToString(System.Globalization.CultureInfo.InvariantCulture), second.Error, StringComparison.Ordinal);
    }

    [ResourceRootFact]
    public async Task Guard_and_supervisor_are_the_last_that_memory_is_taken_from()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        Assert.Equal(("-1000", "-900", "0"), (Score(node.GuardPid), Score(node.SupervisorPid), Score((await node.PsAsync("orders")).Pid)));
    }

    [RootFact]
    public async Task Law10_nobody_gets_at_the_memory_of_guard_and_supervisor()
    {
        await using var node = await TestNode.StartWithoutRootAsync();
        await Eventually.SeeAsync("a supervisor", () => node.HasSupervisor);
        foreach (var pid in new[] { node.GuardPid, node.SupervisorPid })
        {
            Assert.Matches("Max core file size +0 ", await File.ReadAllTextAsync($"/proc/{pid}/limits"));

            // A process of the same account: a debugger, a curious service.
            var seen = await Programs.RunAsync("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", "cat", $"/proc/{pid}/environ"], "/");
            Assert.NotEqual(0, seen.ExitCode);
        }
    }

    private async Task SurvivesAsync(TestNode node, ContainmentKind containment)
    {
        var slippery = await Slippery.DeployAsync(node);
        Assert.Equal(containment, node.Containment);
        var before = await slippery.SeeAllAsync();

        using (var ends = new Ends(before.Values))
        {
            TestNode.Signal(node.SupervisorPid, 9);
            output.WriteLine($"{containment}: nobody is left {ends.WaitForAll().TotalMilliseconds:0.0} ms after the SIGKILL");
        }

        await Slippery.SeeGoneAsync(before);
        await slippery.SeeAllAsync(before);
        var row = await node.SeeAsync("running again", "slippery", seen => seen is { State: "running", Pid: > 0 } && seen.Pid != before["pid-main"]);
        Assert.Equal(0, row.Restarts);
        Assert.Equal(node.GuardPid, ProcessFacts.Read(node.SupervisorPid)?.ParentPid);

        // An end in order leaves as little: those that hide from the stop as well.
        var last = await slippery.SeeAllAsync(before);
        await node.KillAgentAsync();
        TestNode.Signal(node.GuardPid, 15);
        await Slippery.SeeGoneAsync(last);
    }

    private static string Score(int pid) => File.ReadAllText($"/proc/{pid}/oom_score_adj").Trim();
}
