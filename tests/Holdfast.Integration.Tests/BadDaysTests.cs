using System.Net;
using System.Net.Sockets;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>What bad input and bad days get: a clear word, the right exit code, and nothing changed.</summary>
public sealed class BadDaysTests
{
    [Fact]
    public async Task Law08_five_mistakes_are_five_located_errors_and_nothing_changes()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);
        orders.WriteSpec("""
            apiVersion: holdfast/v1
            kind: Service
            name: Orders
            version: 1.0.0
            comand: [run.sh]
            command: [run.sh]
            ports: {http: 99999}
            stop: {timeout: soon}
            restart: {policy: sometimes}
            """);
        var file = Path.Combine(node.Work, "orders", "holdfast.yaml");

        var invalid = (await node.HoldfastAsync("validate", Path.Combine(node.Work, "orders"))).Expect(2);

        var located = invalid.Error.Split('\n').Where(line => line.Contains("holdfast.yaml:", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, located.Count);
        foreach (var line in new[] { 3, 5, 7, 8, 9 })
            Assert.Contains(located, error => error.Contains($"holdfast.yaml:{line}:", StringComparison.Ordinal));
        Assert.Contains("command", located.Single(error => error.Contains("comand", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("[]", (await node.HoldfastAsync("ps", "-o", "json")).Ok().Output.Trim());
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Law08_values_for_a_key_that_is_not_open_are_refused_by_name()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, "environment: {LEVEL: info}");
        orders.WriteFile("../prod.yaml", """
            apiVersion: holdfast/v1
            kind: Values
            environment: {LEVEL: warning}
            """);

        var refused = (await node.HoldfastAsync("deploy", await orders.SignedAsync(), "--values", Path.Combine(node.Work, "prod.yaml"))).Expect(2);

        Assert.Contains("environment.LEVEL", refused.Error, StringComparison.Ordinal);
        Assert.Equal("[]", (await node.HoldfastAsync("ps", "-o", "json")).Ok().Output.Trim());
    }

    [Theory]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("kill -SEGV $$", "SIGSEGV")]
    public async Task A_service_that_ends_at_once_is_restarted_a_governed_number_of_times_and_then_failed(string script, string reason)
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(script, """
            ready: notify
            restart: {delays: [0s, 10ms], attempts: 3}
            """);

        (await orders.DeployAsync()).Expect(7);

        var row = await node.PsAsync("orders");
        Assert.Equal("failed", row.State);
        Assert.Contains(reason, row.Reason, StringComparison.Ordinal);
        var events = (await node.HoldfastAsync("events", "orders")).Ok();
        Assert.Contains(reason, events.Output, StringComparison.Ordinal);
        Assert.Contains("failed", (await node.HoldfastAsync("ps")).Ok().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_never_becomes_ready_gives_way_to_the_old_one()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write("echo good\n" + ServiceFolder.Steady);
        (await orders.DeployAsync()).Ok();

        var failed = (await orders.Write("echo bad\n" + ServiceFolder.Steady, "ready: notify\nreadyDeadline: 1s", "2.0.0").DeployAsync("2.0.0")).Expect(7);

        Assert.Contains("not ready within 1 s", failed.Error, StringComparison.Ordinal);
        Assert.Contains("release 1 is back", failed.Error, StringComparison.Ordinal);
        var row = await node.PsAsync("orders");
        Assert.Equal((1, "running"), (row.Release, row.State));
        // The supervisor may have given the bad one another try before the agent took it back.
        var lines = await JourneyTests.LinesAsync(node, "orders", line => line is "good" or "bad");
        Assert.Equal(("good", "good"), (lines[0], lines[^1]));
        Assert.Contains("bad", lines);
    }

    [Fact]
    public async Task A_program_that_is_not_executable_is_named_with_the_reason()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);
        orders.WriteFile("run.sh", "#!/no/such/interpreter\n", executable: true);

        var failed = (await orders.DeployAsync()).Expect(7);

        Assert.Contains("run.sh", failed.Error, StringComparison.Ordinal);
        Assert.Equal("failed", (await node.PsAsync("orders")).State);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_who_has_it()
    {
        await using var node = await TestNode.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, $"ports: {{http: {port}}}\nrestart: {{delays: [0s], attempts: 1}}");

        var failed = (await orders.DeployAsync()).Expect(7);

        Assert.Contains($"{port}", failed.Error, StringComparison.Ordinal);
        Assert.Contains($"{Environment.ProcessId}", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_agent_one_line_says_how_to_start_it()
    {
        await using var node = TestNode.Create();

        var nobody = (await node.HoldfastAsync("ps")).Expect(6);

        Assert.Single(nobody.Error.Trim().Split('\n'));
        Assert.Contains("holdfast agent", nobody.Error, StringComparison.Ordinal);
        Assert.Empty(nobody.Output);
    }

    [Fact]
    public async Task A_second_agent_in_the_same_home_is_told_who_is_there()
    {
        await using var node = await TestNode.StartAsync();

        var second = (await node.HoldfastAsync("agent", "--metrics", "off")).Expect(5);

        Assert.Contains($"{node.AgentPid}", second.Error, StringComparison.Ordinal);
        (await node.HoldfastAsync("ps")).Ok();
    }

    [Fact]
    public async Task A_damaged_store_is_refused_and_never_made_anew()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var pid = (await node.PsAsync("orders")).Pid;
        await node.StopAgentAsync();
        var store = Path.Combine(node.Home, "store.db");
        foreach (var file in Directory.EnumerateFiles(node.Home, "store.db-*"))
            File.Delete(file);
        var noise = new byte[new FileInfo(store).Length];
        new Random(7).NextBytes(noise);
        await File.WriteAllBytesAsync(store, noise);

        var damaged = (await node.HoldfastAsync("agent", "--metrics", "off")).Expect(8);

        Assert.Contains("store.db", damaged.Error, StringComparison.Ordinal);
        Assert.Equal(noise, await File.ReadAllBytesAsync(store));
        Assert.True(TestNode.Lives(pid));
    }

    [Fact]
    public async Task A_store_that_is_gone_is_not_taken_for_a_first_start()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        await node.StopAgentAsync();
        foreach (var file in Directory.EnumerateFiles(node.Home, "store.db*"))
            File.Delete(file);

        (await node.HoldfastAsync("agent", "--metrics", "off")).Expect(8);

        Assert.False(File.Exists(Path.Combine(node.Home, "store.db")));
    }
}
