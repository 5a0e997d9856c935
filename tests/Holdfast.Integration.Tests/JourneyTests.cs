using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>What the README promises, done with the real programs.</summary>
public sealed class JourneyTests
{
    [Fact]
    public async Task A_service_is_made_packed_signed_deployed_and_operated()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady + "", "reload: {signal: HUP}");
        (await node.HoldfastAsync("validate", Path.Combine(node.Work, "orders"))).Ok();
        (await orders.DeployAsync()).Ok();

        var first = await node.PsAsync("orders");
        Assert.Equal(("running", "orders-0", 1, 0), (first.State, first.Instance, first.Release, first.Restarts));
        Assert.True(first.Pid > 0);
        Assert.StartsWith("sha256:", first.PackageDigest, StringComparison.Ordinal);

        TestNode.Signal(first.Pid, 9);
        var second = await node.SeeAsync("back after SIGKILL", "orders", row => row.State == "running" && row.Pid != first.Pid && row.Pid > 0);
        Assert.Equal(1, second.Restarts);

        (await node.HoldfastAsync("restart", "orders")).Ok();
        var third = await node.PsAsync("orders");
        Assert.NotEqual(second.Pid, third.Pid);
        Assert.Equal(0, third.Restarts);

        (await node.HoldfastAsync("stop", "orders")).Ok();
        Assert.Equal("stopped", (await node.PsAsync("orders")).State);
        Assert.False(TestNode.Lives(third.Pid));
        (await node.HoldfastAsync("start", "orders")).Ok();
        Assert.Equal("running", (await node.PsAsync("orders")).State);

        var logs = (await node.HoldfastAsync("logs", "orders")).Ok();
        Assert.Contains("started", logs.Output, StringComparison.Ordinal);
        Assert.Contains("ending", logs.Output, StringComparison.Ordinal);

        var events = (await node.HoldfastAsync("events", "orders")).Ok();
        Assert.Contains("SIGKILL", events.Output, StringComparison.Ordinal);

        (await node.HoldfastAsync("audit", "verify")).Ok();
        var audit = (await node.HoldfastAsync("audit", "list")).Ok();
        foreach (var action in new[] { "push", "deploy", "restart", "stop", "start" })
            Assert.Contains(action, audit.Output, StringComparison.Ordinal);

        (await node.HoldfastAsync("remove", "orders")).Ok();
        Assert.DoesNotContain("orders", (await node.HoldfastAsync("ps")).Ok().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_release_replaces_the_old_one_and_can_be_rolled_back()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write("echo one\n" + ServiceFolder.Steady);
        (await orders.DeployAsync()).Ok();
        (await orders.Write("echo two\n" + ServiceFolder.Steady, version: "2.0.0").DeployAsync("2.0.0")).Ok();
        Assert.Equal(2, (await node.PsAsync("orders")).Release);

        (await node.HoldfastAsync("rollback", "orders")).Ok();
        var row = await node.PsAsync("orders");
        Assert.Equal(3, row.Release);
        Assert.Equal("running", row.State);

        var history = (await node.HoldfastAsync("history", "orders", "-o", "json")).Ok();
        using var releases = JsonDocument.Parse(history.Output);
        Assert.Equal(["current", "superseded", "superseded"], releases.RootElement.EnumerateArray().Select(release => release.GetProperty("state").GetString()));
        Assert.Equal("1.0.0", releases.RootElement[0].GetProperty("version").GetString());
        Assert.Equal(["one", "two", "one"], await LinesAsync(node, "orders", line => line is "one" or "two"));
    }

    [Fact]
    public async Task Values_set_what_the_package_opens()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write("echo level=$LEVEL\n" + ServiceFolder.Steady, """
            environment: {LEVEL: info}
            open: [environment.LEVEL]
            """);
        orders.WriteFile("../prod.yaml", """
            apiVersion: holdfast/v1
            kind: Values
            environment: {LEVEL: warning}
            """);
        var package = await orders.SignedAsync();
        (await node.HoldfastAsync("deploy", package, "--values", Path.Combine(node.Work, "prod.yaml"))).Ok();

        Assert.Equal(["level=warning"], await LinesAsync(node, "orders", line => line.StartsWith("level", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reload_and_signal_reach_the_service()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write("trap 'echo reloaded' HUP\ntrap 'echo user1' USR1\n" + ServiceFolder.Steady, "reload: {signal: HUP}");
        (await orders.DeployAsync()).Ok();
        await Eventually.SeeAsync("its traps are set", () => LinesAsync(node, "orders", line => line == "started"), lines => lines.Count == 1);

        (await node.HoldfastAsync("reload", "orders")).Ok();
        (await node.HoldfastAsync("signal", "orders", "USR1")).Ok();

        await Eventually.SeeAsync("both", () => LinesAsync(node, "orders", line => line is "reloaded" or "user1"), lines => lines.Count == 2);
    }

    [Fact]
    public async Task What_init_writes_can_be_deployed_once_it_has_a_program()
    {
        await using var node = await TestNode.StartAsync();
        (await node.HoldfastAsync("init", "orders")).Ok();
        var folder = Path.Combine(node.Work, "orders");
        Assert.True(File.Exists(Path.Combine(folder, "holdfast.yaml")));
        (await node.HoldfastAsync("validate", folder)).Ok();
    }

    internal static async Task<IReadOnlyList<string>> LinesAsync(TestNode node, string service, Func<string, bool> wanted)
    {
        var logs = (await node.HoldfastAsync("logs", service, "-o", "json")).Ok();
        using var lines = JsonDocument.Parse(logs.Output.Length > 0 ? logs.Output : "[]");
        return [.. lines.RootElement.EnumerateArray().Select(line => line.GetProperty("text").GetString()!).Where(wanted)];
    }
}
