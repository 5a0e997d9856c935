using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>Losing the store stops no running service.</summary>
public sealed class Law09Tests
{
    [Theory]
    [InlineData("damaged")]
    [InlineData("gone")]
    public async Task Law09_services_run_on_and_are_restarted_without_the_store_and_are_the_same_when_it_is_back(string loss)
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var before = await node.SeeAsync("runs", "orders", row => row.State == "running");
        await node.KillAgentAsync();
        var kept = Keep(node, loss);

        // The supervisor needs no store: what dies is back.
        TestNode.Signal(before.Pid, 9);
        var identity = node.SupervisorPid;
        await Eventually.SeeAsync("the end of the first process", () => !TestNode.Lives(before.Pid));
        var second = await Eventually.SeeAsync("another process", () => Task.FromResult(RunningPid(node, "orders")), pid => pid > 0 && pid != before.Pid);

        // No agent makes a new store over a lost one, and none stops what runs.
        using (var refused = node.LaunchAgent())
        {
            var words = await refused.StandardError.ReadToEndAsync();
            await refused.WaitForExitAsync();
            Assert.Equal(8, refused.ExitCode);
            Assert.Contains("store", words, StringComparison.Ordinal);
        }

        Assert.True(TestNode.Lives(second));
        foreach (var (name, content) in kept) File.WriteAllBytes(name, content);
        await node.StartAgentAsync();
        var after = await node.SeeAsync("runs", "orders", row => row.State == "running");
        Assert.Equal((second, 1, identity), (after.Pid, after.Restarts, node.SupervisorPid));
    }

    /// <summary>Loses the store; what it was.</summary>
    private static Dictionary<string, byte[]> Keep(TestNode node, string loss)
    {
        var files = Directory.EnumerateFiles(node.Home, "store.db*").ToDictionary(file => file, File.ReadAllBytes);
        foreach (var (file, content) in files)
        {
            if (loss == "gone" && !file.EndsWith(".identity", StringComparison.Ordinal)) File.Delete(file);
            else if (loss == "damaged" && file.EndsWith("store.db", StringComparison.Ordinal)) File.WriteAllBytes(file, [.. content.Select(b => (byte)(b ^ 0x5A))]);
        }

        return files;
    }

    /// <summary>By the process table: there is no agent to ask.</summary>
    private static int RunningPid(TestNode node, string service) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
        .FirstOrDefault(pid => pid > 0 && Platform.ProcessFacts.Read(pid) is { Ended: false } facts && facts.ParentPid == node.SupervisorPid
            && Cwd(pid) == Path.Combine(node.Home, "instances", service + "-0"));

    private static string? Cwd(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
