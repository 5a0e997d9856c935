using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>What somebody would try who may use the API, write values, or log in to the node.</summary>
public sealed class AttackTests
{
    [Fact]
    public async Task Law01_values_set_no_loader_variable_because_the_environment_is_open()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, "open: [\"environment.*\"]");
        var values = Path.Combine(node.Work, "values.yaml");
        await File.WriteAllTextAsync(values, """
            apiVersion: holdfast/v1
            kind: Values
            environment: {LEVEL: debug, LD_PRELOAD: /tmp/other.so, PATH: /tmp}
            """);

        var refused = (await node.HoldfastAsync("deploy", await orders.SignedAsync(), "--values", values)).Expect(2);

        Assert.Contains("LD_PRELOAD", refused.Error, StringComparison.Ordinal);
        Assert.Contains("PATH", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("LEVEL", refused.Error, StringComparison.Ordinal);
        Assert.Equal("[]", (await node.HoldfastAsync("ps", "-o", "json")).Ok().Output.Trim());
    }

    [Fact]
    public async Task Law01_a_stored_file_that_became_a_link_to_the_same_content_is_not_started()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var before = await node.PsAsync("orders");
        var file = Directory.EnumerateFiles(Path.Combine(node.Home, "packages"), "run.sh", SearchOption.AllDirectories).Single();
        var elsewhere = Path.Combine(node.Work, "elsewhere.sh");
        File.Copy(file, elsewhere);
        var folder = Path.GetDirectoryName(file)!;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Delete(file);
        File.CreateSymbolicLink(file, elsewhere);

        TestNode.Signal(before.Pid, 9);

        var row = await node.SeeAsync("not started again", "orders", seen => seen.State == "failed");
        Assert.Contains("run.sh", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_folder_does_not_follow_a_link_out_of_it()
    {
        await using var node = TestNode.Create();
        new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);
        File.CreateSymbolicLink(Path.Combine(node.Work, "orders", "passwd"), "/etc/passwd");

        var refused = await node.HoldfastAsync("pack", Path.Combine(node.Work, "orders"), "-o", Path.Combine(node.Work, "orders.hfpkg"));

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("passwd", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(node.Work, "orders.hfpkg")));
    }

    [Theory]
    [InlineData("../journal")]
    [InlineData("/var/log")]
    [InlineData("ledger-0")]
    public async Task Logs_are_read_of_the_services_own_instances_only(string instance)
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();

        var refused = await node.HoldfastAsync("logs", "orders", "--instance", instance);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("instance.name", refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Output);
    }

    [Fact]
    public async Task Law10_what_the_agent_stores_is_closed_to_others()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();

        var open = Directory.EnumerateFiles(node.Home, "*", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(Path.Combine(node.Home, "packages"), StringComparison.Ordinal))
            .Where(file => Path.GetDirectoryName(file) != Path.Combine(node.Home, "keys"))
            // The services' door is for everybody: who comes in there is found out (ADR 28).
            .Where(file => file != Path.Combine(node.Home, "run", "services.sock"))
            .Where(file => (File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0);

        Assert.Empty(open);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(node.Home, "store.db")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(node.Home, "store.db-wal")));
    }

    [Fact]
    public async Task Law07_the_agents_own_start_and_stop_are_recorded()
    {
        await using var node = await TestNode.StartAsync();
        await node.StopAgentAsync();
        await node.StartAgentAsync();

        var audit = (await node.HoldfastAsync("audit", "list", "-o", "json")).Ok().Output;

        using var entries = System.Text.Json.JsonDocument.Parse(audit);
        // Beside them the policy that the node was made with, which the first agent saw for the first time.
        Assert.Equal(["audit.opened", "policy.changed", "audit.closed", "audit.opened"], entries.RootElement.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!));
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }
}
