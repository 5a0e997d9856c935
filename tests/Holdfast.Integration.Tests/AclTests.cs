using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>The rights on a service's files: as they were made, as somebody has changed them, and as they are again.</summary>
public sealed class AclTests
{
    [RootFact]
    public async Task Rights_that_were_changed_are_named_file_by_file_and_set_again()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, "user: nobody").DeployAsync()).Ok();
        Assert.Contains("All rights are as they are to be", (await node.HoldfastAsync("acl", "check", "orders")).Ok().Error, StringComparison.Ordinal);

        var (data, output) = (Path.Combine(node.Home, "instances", "orders-0"), Path.Combine(node.Home, "output", "orders-0"));
        var below = Path.Combine(data, "ledger.db");
        await File.WriteAllTextAsync(below, "");
        File.SetUnixFileMode(below, (UnixFileMode)0b110_000_000);
        node.Run("chmod", "o+rwx", data);
        node.Run("chown", "nobody", output);

        var found = (await node.HoldfastAsync("acl", "check", "orders")).Expect(3);
        Assert.Contains($"data  {data}: everybody may list, write and enter it", found.Output, StringComparison.Ordinal);
        Assert.Contains($"data  {below}: nobody cannot read or write it", found.Output, StringComparison.Ordinal);
        Assert.Contains($"output  {output}: nobody may list, write and enter it", found.Output, StringComparison.Ordinal);

        var applied = (await node.HoldfastAsync("acl", "apply", "orders")).Ok();
        Assert.Contains("3 are set", applied.Error, StringComparison.Ordinal);
        (await node.HoldfastAsync("acl", "check", "orders")).Ok();
        Assert.Contains("acl.apply", (await node.HoldfastAsync("audit", "list")).Ok().Output, StringComparison.Ordinal);
        (await node.HoldfastAsync("restart", "orders")).Ok();

        var shown = (await node.HoldfastAsync("acl", "show", "orders")).Ok();
        Assert.Contains("orders runs as nobody", shown.Output, StringComparison.Ordinal);
        Assert.Contains(data, shown.Output, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_node_without_root_has_its_files_as_they_are_to_be()
    {
        await using var node = await TestNode.StartWithoutRootAsync();
        var folder = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, "supervisor: dedicated");
        node.Run("chmod", "-R", "a+rX", node.Work);
        (await folder.DeployAsync()).Ok();
        Assert.Contains("All rights are as they are to be", (await node.HoldfastAsync("acl", "check", "orders")).Ok().Error, StringComparison.Ordinal);
        var orders = Path.Combine(node.Home, "supervisors", "orders");
        node.Run("chmod", "o+x", orders);
        Assert.Contains($"{orders}: everybody may enter it", (await node.HoldfastAsync("acl", "check", "orders")).Expect(3).Output, StringComparison.Ordinal);
        (await node.HoldfastAsync("acl", "apply", "orders")).Ok();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(orders));
    }

    [RootFact]
    public async Task A_group_that_is_named_reads_data_and_output_and_nobody_else_does()
    {
        await using var node = await TestNode.StartAsync();
        var folder = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, "user: nobody\naccess:\n  daemon: read, execute\n  bin: [control]");
        (await folder.DeployAsync()).Ok();
        Assert.Contains("All rights are as they are to be", (await node.HoldfastAsync("acl", "check", "orders")).Ok().Error, StringComparison.Ordinal);

        var (data, output) = (Path.Combine(node.Home, "instances", "orders-0"), Path.Combine(node.Home, "output", "orders-0"));
        var segment = Directory.EnumerateFiles(output).First();
        node.Run("chmod", "o+x", node.Work);
        node.Run("setpriv", "--reuid=sync", "--regid=daemon", "--clear-groups", "cat", segment);
        Assert.ThrowsAny<Exception>(() => node.Run("setpriv", "--reuid=sync", "--regid=games", "--clear-groups", "cat", segment));

        File.WriteAllText(Path.Combine(data, "closed"), "");
        File.SetUnixFileMode(Path.Combine(data, "closed"), (UnixFileMode)0b110_000_000);
        node.Run("chown", "nobody", Path.Combine(data, "closed"));
        Assert.Contains($"{Path.Combine(data, "closed")}: the group daemon cannot read it", (await node.HoldfastAsync("acl", "check", "orders")).Expect(3).Output, StringComparison.Ordinal);
        (await node.HoldfastAsync("acl", "apply", "orders")).Ok();
        var shown = (await node.HoldfastAsync("acl", "show", "orders")).Ok().Output;
        Assert.Contains("the group daemon: list and enter", shown, StringComparison.Ordinal);
        Assert.Contains("the group bin may start and stop it on Windows", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_told_at_the_deploy()
    {
        await using var node = await TestNode.StartAsync();
        var refused = (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, "access: {no-such-team: [read]}").DeployAsync()).Expect(2);
        Assert.Contains("groupadd --system no-such-team", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_has_no_rights()
    {
        await using var node = await TestNode.StartAsync();
        Assert.Contains("`holdfast ps`", (await node.HoldfastAsync("acl", "show", "orders")).Expect(4).Error, StringComparison.Ordinal);
        (await node.HoldfastAsync("acl", "check", "Not a name")).Expect(2);
    }
}
