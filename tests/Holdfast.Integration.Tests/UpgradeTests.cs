using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>A whole node that becomes another build of itself: <c>holdfast upgrade</c>.</summary>
public sealed class UpgradeTests
{
    private const string Counting = "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.01; done";

    [Fact]
    public async Task Law03_an_upgrade_replaces_agent_supervisor_and_guard_and_no_service_notices()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "counting").Write(Counting).DeployAsync()).Ok();
        var before = await node.SeeAsync("runs", "counting", row => row.State == "running");
        var (agent, supervisor, guard) = (node.AgentPid, node.SupervisorPid, node.GuardPid);
        var next = node.CopyOfPrograms("next");

        var upgraded = await node.HoldfastAsync("upgrade", "--to", next);

        upgraded.Ok();
        Assert.Contains("1 of 1 services kept their process", upgraded.Output, StringComparison.Ordinal);
        Assert.Equal((agent, supervisor, guard), (node.AgentPid, node.SupervisorPid, node.GuardPid));
        await SeeServedByAsync(node, next, before);
        var audit = await node.HoldfastAsync("audit", "list", "-o", "json");
        Assert.Equal(["intended", "done", "intended", "done"], Outcomes(audit.Output, "upgrade"));
        (await node.HoldfastAsync("audit", "verify")).Ok();

        // All of them do their work: a kill is answered, and the guard still guards.
        TestNode.Signal(before.Pid, 9);
        var again = await node.SeeAsync("runs again", "counting", row => row.State == "running" && row.Pid != before.Pid);
        TestNode.Signal(supervisor, 9);
        await Eventually.SeeAsync("the service's end", () => !TestNode.Lives(again.Pid));
        await node.SeeAsync("runs under another supervisor", "counting", row => row.State == "running" && row.Pid != again.Pid);
        Assert.Equal(guard, node.GuardPid);
    }

    [Fact]
    public async Task Law08_a_build_that_cannot_take_over_changes_nothing()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "counting").Write(Counting).DeployAsync()).Ok();
        var before = await node.SeeAsync("runs", "counting", row => row.State == "running");
        var (agent, supervisor) = (node.AgentPid, node.SupervisorPid);

        var nowhere = await node.HoldfastAsync("upgrade", "--to", "nowhere");
        Assert.Equal(4, nowhere.ExitCode);
        Assert.Contains("is not there", nowhere.Error, StringComparison.Ordinal);

        var broken = node.CopyOfPrograms("broken");
        File.WriteAllText(Path.Combine(broken, "Holdfast.Node.dll"), "no library");
        var refused = await node.HoldfastAsync("upgrade", "--to", broken);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("has not proven that it can take over", refused.Error, StringComparison.Ordinal);

        // This one's agent is well, its supervisor is not.
        var half = node.CopyOfPrograms("half");
        File.Delete(Path.Combine(half, "holdfast-supervisor"));
        File.WriteAllText(Path.Combine(half, "holdfast-supervisor"), "#!/bin/sh\nexit 1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(half, "holdfast-supervisor"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(3, (await node.HoldfastAsync("upgrade", "--to", half)).ExitCode);

        Assert.False(Directory.Exists(Path.Combine(node.Home, "upgrade.check")));
        Assert.Equal((agent, supervisor), (node.AgentPid, node.SupervisorPid));
        var after = await node.PsAsync("counting");
        Assert.Equal((before.Pid, before.Restarts), (after.Pid, after.Restarts));
        var audit = await node.HoldfastAsync("audit", "list", "-o", "json");
        Assert.Equal(["intended", "refused"], Outcomes(audit.Output, "upgrade"));
    }

    [Fact]
    public async Task The_version_before_becomes_this_one_and_this_one_that_again()
    {
        await using var node = await TestNode.StartAsync(KeptBuild.LayOut);
        var kept = Path.Combine(node.Root, "kept");
        (await new ServiceFolder(node, "counting").Write(Counting).DeployAsync()).Ok();
        var before = await node.SeeAsync("runs", "counting", row => row.State == "running");
        Assert.Contains(KeptBuild.Version, (await node.HoldfastAsync("version")).Ok().Output, StringComparison.Ordinal);

        node.UsePrograms(Programs.Folder);
        (await node.HoldfastAsync("upgrade")).Ok();
        await SeeServedByAsync(node, Programs.Folder, before);
        (await node.HoldfastAsync("restart", "counting")).Ok();
        var restarted = await node.SeeAsync("was restarted", "counting", row => row.State == "running" && row.Pid != before.Pid);

        (await node.HoldfastAsync("upgrade", "--to", kept)).Ok();
        await SeeServedByAsync(node, kept, restarted);
        TestNode.Signal(restarted.Pid, 9);
        await node.SeeAsync("runs again under the version before", "counting", row => row.State == "running" && row.Pid != restarted.Pid);
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [Fact]
    public async Task An_agent_of_this_version_works_with_a_supervisor_of_the_one_before_and_the_other_way_round()
    {
        await using var node = await TestNode.StartAsync(KeptBuild.LayOut);
        (await new ServiceFolder(node, "counting").Write(Counting).DeployAsync()).Ok();
        var before = await node.SeeAsync("runs", "counting", row => row.State == "running");
        await node.KillAgentAsync();

        node.UsePrograms(Programs.Folder);
        await node.StartAgentAsync();
        var orders = new ServiceFolder(node, "orders").Write(Counting);
        (await orders.DeployAsync()).Ok();
        Assert.Equal(before.Pid, (await node.PsAsync("counting")).Pid);
        (await node.HoldfastAsync("stop", "orders")).Ok();

        // Its supervisor becomes this version; an agent of the version before takes over.
        (await node.HoldfastAsync("upgrade")).Ok();
        await node.KillAgentAsync();
        node.UsePrograms(Path.Combine(node.Root, "kept"));
        await node.StartAgentAsync();
        (await node.HoldfastAsync("start", "orders")).Ok();
        (await node.HoldfastAsync("restart", "counting")).Ok();
        Assert.NotEqual(before.Pid, (await node.PsAsync("counting")).Pid);
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [RootFact]
    public async Task An_ordinary_account_upgrades_its_own_node()
    {
        await using var node = await TestNode.StartWithoutRootAsync();
        var counting = new ServiceFolder(node, "counting").Write(Counting);
        node.Run("chmod", "-R", "a+rX", node.Work);
        (await counting.DeployAsync()).Ok();
        var before = await node.SeeAsync("runs", "counting", row => row.State == "running");
        var next = node.CopyOfPrograms("next");
        node.Run("chmod", "-R", "a+rX,go-w", next);
        node.Run("chown", "-R", "65534:65534", next);
        var upgraded = await node.HoldfastAsync("upgrade", "--to", next);
        upgraded.Ok();
        Assert.Equal(before.Pid, (await node.PsAsync("counting")).Pid);
        TestNode.Signal(before.Pid, 9);
        await node.SeeAsync("runs again", "counting", row => row.State == "running" && row.Pid != before.Pid);
    }

    private static async Task SeeServedByAsync(TestNode node, string folder, InstanceRow before)
    {
        var after = await node.PsAsync("counting");
        Assert.Equal((before.Pid, before.Restarts, "running"), (after.Pid, after.Restarts, after.State));
        foreach (var (pid, program) in new[] { (node.AgentPid, "holdfast"), (node.SupervisorPid, "holdfast-supervisor"), (node.GuardPid, "holdfast-supervisor") })
            await Eventually.SeeAsync($"PID {pid} runs from {folder}", () => File.ResolveLinkTarget($"/proc/{pid}/exe", false)?.FullName == Path.Combine(folder, program));
    }

    private static IEnumerable<string> Outcomes(string json, string action)
    {
        using var entries = JsonDocument.Parse(json);
        return [.. entries.RootElement.EnumerateArray().Where(entry => entry.GetProperty("action").GetString() == action).Select(entry => entry.GetProperty("outcome").GetString()!)];
    }
}
