using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>A service under an account of its own, and a node without root.</summary>
public sealed class OtherAccountTests
{
    [RootFact]
    public async Task Law10_a_secret_file_of_a_package_is_read_by_its_services_account_alone()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders");
        orders.WriteFile("conf/api.key", "the-key-of-the-package");
        orders.Write("""
            echo "length $(wc -c < "$HOLDFAST_SECRETS/conf/api.key")"
            cat "$1/conf/api.key" && echo "the store is open"
            """ + "\n" + ServiceFolder.Steady, """
            user: nobody
            files: [run.sh, {path: "conf/*", access: secret}]
            """);
        orders.WriteSpec((await File.ReadAllTextAsync(Path.Combine(node.Work, "orders", "holdfast.yaml"))).Replace("[run.sh]\n", "[run.sh, \"${folders.code}\"]\n", StringComparison.Ordinal));
        (await orders.DeployAsync()).Ok();

        var lines = await Eventually.SeeAsync("its output", () => JourneyTests.LinesAsync(node, "orders", _ => true), seen => seen.Contains("started"));

        Assert.Contains("length 22", lines);
        Assert.DoesNotContain("the store is open", lines);
        var copy = Path.Combine(node.Home, "run", "secrets", "orders-0", ".package", "conf", "api.key");
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(copy));
        (await node.HoldfastAsync("stop", "orders")).Ok();
        Assert.False(File.Exists(copy));
    }

    [RootFact]
    public async Task Law01_a_service_of_another_account_reaches_nothing_of_the_agents()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "orders").Write($$"""
            id -un
            umask
            for file in keys/node.key keys/audit.key store.db store.db-wal audit/head policy/trust.yaml supervisor/identity.json run/api.sock run/supervisor.sock; do
                [ -r {{node.Home}}/$file ] && echo "reads $file"
                [ -w {{node.Home}}/$file ] && echo "writes $file"
            done
            for folder in . packages incoming keys audit output journal instances run run/notify run/secrets supervisor "packages/*" "packages/*/files"; do
                for found in {{node.Home}}/$folder; do [ -w $found ] && echo "writes $folder"; done
            done
            [ -w {{node.Home}}/packages/*/files/run.sh ] && echo "writes its code"
            touch own || echo "cannot write its own folder"
            """ + "\n" + ServiceFolder.Steady, "user: nobody").DeployAsync()).Ok();

        var lines = await Eventually.SeeAsync("its output", () => JourneyTests.LinesAsync(node, "orders", _ => true), seen => seen.Contains("started"));

        Assert.Equal(["nobody", "0027", "started"], lines);
    }

    [RootFact]
    public async Task A_node_without_root_runs_services_and_says_what_it_cannot_enforce()
    {
        await using var node = await TestNode.StartWithoutRootAsync();
        var orders = new ServiceFolder(node, "orders").Write("id -u\n" + ServiceFolder.Steady);
        node.Run("chmod", "-R", "a+rX", node.Work);
        (await orders.DeployAsync()).Ok();
        var before = await node.PsAsync("orders");

        TestNode.Signal(before.Pid, 9);

        await node.SeeAsync("again", "orders", row => row.State == "running" && row.Pid != before.Pid && row.Restarts == 1);
        Assert.Contains("65534", await JourneyTests.LinesAsync(node, "orders", _ => true));
        Assert.Contains("law 1 (verified or not run)", (await node.HoldfastAsync("ps", "-o", "wide")).Ok().Output + (await node.HoldfastAsync("ps", "-o", "json")).Ok().Output, StringComparison.Ordinal);
        // Asked of the pipe itself: a thousand services of such an account have room, where the kernel's default is used up at 512.
        Assert.Equal(32 * 1024, TestNode.PipeCapacity((await node.PsAsync("orders")).Pid));
        Assert.Contains("hold 32 KiB each", (await node.HoldfastAsync("doctor")).Output, StringComparison.Ordinal);
        Assert.Contains("the agent's own account", (await node.HoldfastAsync("doctor")).Output, StringComparison.Ordinal);
        (await node.HoldfastAsync("restart", "orders")).Ok();
        (await node.HoldfastAsync("stop", "orders")).Ok();
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [RootFact]
    public async Task A_node_without_root_says_that_it_cannot_become_another_account()
    {
        await using var node = await TestNode.StartWithoutRootAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, "user: root");
        node.Run("chmod", "-R", "a+rX", node.Work);

        var refused = (await orders.DeployAsync()).Expect(3);

        Assert.Contains("account.not-ours", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_does_not_exist_is_refused_at_the_deploy()
    {
        await using var node = await TestNode.StartAsync();

        var refused = (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady, "user: no-such-account").DeployAsync()).Expect(2);

        Assert.Contains("no-such-account", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CPU_that_this_host_does_not_have_is_refused_at_the_deploy_and_what_runs_stays()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders");
        (await orders.Write(ServiceFolder.Steady, "limits: {affinity: [0]}").DeployAsync()).Ok();
        var before = await node.PsAsync("orders");
        Assert.Contains("Cpus_allowed_list:\t0\n", await File.ReadAllTextAsync($"/proc/{before.Pid}/status"), StringComparison.Ordinal);

        var refused = (await orders.Write(ServiceFolder.Steady, "limits: {affinity: [0, 8191]}", "2.0.0").DeployAsync("2.0.0")).Expect(3);

        Assert.Contains("CPU 8191", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before.Pid, (await node.PsAsync("orders")).Pid);
    }

    [RootFact]
    public async Task Law01_a_home_of_another_account_is_refused()
    {
        await using var node = TestNode.Create();
        Directory.CreateDirectory(node.Home);
        node.Run("chown", "65534", node.Home);

        var refused = await node.HoldfastAsync("agent", "--metrics", "off");

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("home.not-ours", refused.Error, StringComparison.Ordinal);
    }
}
