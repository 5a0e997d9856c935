using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>Verified or not run.</summary>
public sealed class Law01Tests
{
    [Fact]
    public async Task Law01_an_unsigned_package_is_refused_and_the_running_release_stays()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);
        (await orders.DeployAsync()).Ok();
        var before = await node.PsAsync("orders");

        var unsigned = await orders.Write(ServiceFolder.Steady, version: "2.0.0").PackAsync("2.0.0");
        var refused = (await node.HoldfastAsync("deploy", unsigned)).Expect(3);

        Assert.Contains("sign", refused.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((before.Pid, before.Release), ((await node.PsAsync("orders")).Pid, (await node.PsAsync("orders")).Release));
        Assert.Contains("refused", (await node.HoldfastAsync("audit", "list")).Ok().Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(node.Home, "incoming")));
    }

    [Fact]
    public async Task Law01_a_package_that_was_changed_after_signing_is_refused()
    {
        await using var node = await TestNode.StartAsync();
        var package = await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).SignedAsync();
        var bytes = await File.ReadAllBytesAsync(package);
        var at = bytes.AsSpan().IndexOf("echo started"u8);
        bytes[at + 5] ^= 1;
        await File.WriteAllBytesAsync(package, bytes);

        var refused = (await node.HoldfastAsync("deploy", package)).Expect(3);

        Assert.Contains("digest", refused.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(node.Home, "packages")));
    }

    [Fact]
    public async Task Law01_a_signature_under_another_root_is_refused()
    {
        await using var node = await TestNode.StartAsync();
        await using var stranger = TestNode.Create();
        (await stranger.HoldfastAsync("keys", "init")).Ok();
        var package = await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).PackAsync();
        (await stranger.HoldfastAsync("sign", package)).Ok();

        (await node.HoldfastAsync("deploy", package)).Expect(3);
    }

    [Fact]
    public async Task Law01_a_file_changed_in_the_store_is_not_started()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var before = await node.PsAsync("orders");
        var file = Directory.EnumerateFiles(Path.Combine(node.Home, "packages"), "run.sh", SearchOption.AllDirectories).Single();
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.AppendAllTextAsync(file, "# changed\n");

        TestNode.Signal(before.Pid, 9);

        var row = await node.SeeAsync("not started again", "orders", seen => seen.State == "failed");
        Assert.Contains("run.sh", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Law01_a_host_executable_that_the_policy_does_not_pin_is_refused()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders");
        orders.WriteSpec("""
            apiVersion: holdfast/v1
            kind: Service
            name: orders
            version: 1.0.0
            command: [/bin/sleep, "1000"]
            """);
        orders.WriteFile("readme.txt", "nothing to run in here");

        var refused = (await orders.DeployAsync()).Expect(3);

        Assert.Contains("/bin/sleep", refused.Error, StringComparison.Ordinal);
    }
}
