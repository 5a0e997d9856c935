using System.Diagnostics;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>What can be read of services that are gone or never were, and how reading ends.</summary>
public sealed class ReadingTests
{
    [Fact]
    public async Task What_never_was_is_not_found_and_what_is_gone_can_still_be_told()
    {
        await using var node = await TestNode.StartAsync();
        foreach (var command in new[] { "events", "logs", "history", "rollback", "start", "stop", "restart", "reload", "remove" })
        {
            var unknown = await node.HoldfastAsync(command, "nobody");
            Assert.True(unknown.ExitCode == 4, $"{command}: {unknown.ExitCode} {unknown.Error}");
            Assert.Contains("There is no service nobody", unknown.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await node.HoldfastAsync("logs", "../journal/x")).ExitCode);

        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        (await node.HoldfastAsync("remove", "orders", "--purge")).Ok();
        Assert.Contains("removed", (await node.HoldfastAsync("events", "orders")).Ok().Output, StringComparison.Ordinal);
        Assert.Equal(4, (await node.HoldfastAsync("history", "orders")).ExitCode);
    }

    [Fact]
    public async Task Following_goes_on_over_restarts_and_ends_with_the_agent_however_much_is_written()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write("echo \"started as $$\"\nwhile :; do echo noise; sleep 0.01; done\n");
        (await orders.DeployAsync()).Ok();
        using var following = Follow(node);
        var lines = 0;
        string? line;
        while ((line = await following.StandardOutput.ReadLineAsync()) is not null && lines < 1)
            lines += line.Contains("started as", StringComparison.Ordinal) ? 1 : 0;
        (await node.HoldfastAsync("restart", "orders")).Ok();
        while (lines < 2 && (line = await following.StandardOutput.ReadLineAsync()) is not null)
            lines += line.Contains("started as", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(2, lines);

        // The client reads no more and does not go: the agent ends all the same.
        await node.StopAgentAsync().WaitAsync(TimeSpan.FromSeconds(30));
        following.Kill();
        await following.WaitForExitAsync();
    }

    private static Process Follow(TestNode node)
    {
        var start = new ProcessStartInfo(Programs.Holdfast) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "--home", node.Home, "logs", "orders", "-f" })
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException("The command did not start.");
    }
}
