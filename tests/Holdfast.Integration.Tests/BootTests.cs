using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>What starts a node at boot: the units, and agent and supervisor as their processes. systemd itself does not run here.</summary>
public sealed class BootTests
{
    [SystemdFact]
    public async Task The_units_are_what_systemd_understands()
    {
        await using var node = TestNode.Create();
        (await node.HoldfastAsync("agent", "install", "--root", node.Root)).Ok();
        var units = Directory.GetFiles(Path.Combine(node.Root, "etc", "systemd", "system")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["holdfast-agent.service", "holdfast-handover.service", "holdfast-supervisor.service"], units.Select(Path.GetFileName));

        var verified = await Programs.RunAsync("systemd-analyze", ["verify", "--man=no", .. units], node.Work);

        Assert.Equal((0, ""), (verified.ExitCode, verified.Error.Trim()));
    }

    [Fact]
    public async Task A_home_with_any_letters_in_its_path_is_one_word_of_the_unit()
    {
        await using var node = TestNode.Create();
        var printed = (await node.HoldfastAsync("agent", "install", "--print", "--home", node.Root + "/a b%n$HOME\"q")).Ok().Output;
        Assert.Contains($"run --home \"{node.Root}/a b%%n$$HOME\\\"q\"\n", printed, StringComparison.Ordinal);
        Assert.Contains($"agent --home \"{node.Root}/a b%%n$$HOME\\\"q\" --supervisor external\n", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Installed_again_it_is_the_same_and_what_others_wrote_stays()
    {
        await using var node = TestNode.Create();
        (await node.HoldfastAsync("agent", "install", "--root", node.Root)).Ok();
        (await node.HoldfastAsync("agent", "install", "--root", node.Root)).Ok();
        var unit = Path.Combine(node.Root, "etc", "systemd", "system", "holdfast-agent.service");
        await File.WriteAllTextAsync(unit, "[Unit]\nDescription=by hand\n");

        var refused = (await node.HoldfastAsync("agent", "install", "--root", node.Root)).Expect(5);

        Assert.Contains("install.not-ours", refused.Error, StringComparison.Ordinal);
        Assert.Contains("by hand", await File.ReadAllTextAsync(unit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Supervisor_and_agent_tell_who_manages_them_when_they_serve_and_when_they_end()
    {
        await using var node = TestNode.Create();
        (await node.HoldfastAsync("keys", "init")).Ok();
        using var manager = new Manager(node);

        // In the wrong order, as it may happen: the agent serves and waits, and starts no supervisor of its own.
        using var agent = manager.Start("agent", "holdfast", "agent", "--home", node.Home, "--metrics", "off", "--supervisor", "external");
        await manager.SeeAsync("agent", "READY=1");
        Assert.False(node.HasSupervisor);
        using var first = manager.Start("supervisor", "holdfast-supervisor", "run", "--home", node.Home);
        await manager.SeeAsync("supervisor", "READY=1");
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        var before = await node.PsAsync("orders");

        // What systemd does when it dies: kill what is left of the control group, and start it again.
        first.Kill();
        await first.WaitForExitAsync();
        await Eventually.SeeAsync("the end of its service", () => !TestNode.Lives(before.Pid));
        Assert.Equal(0, node.GuardPid);
        using var second = manager.Start("supervisor", "holdfast-supervisor", "run", "--home", node.Home);
        var after = await node.SeeAsync("running again", "orders", row => row.State == "running" && row.Pid != before.Pid && row.Pid > 0);
        Assert.Equal(0, after.Restarts);
        Assert.Equal(second.Id, node.SupervisorPid);
        Assert.Equal(0, node.GuardPid);

        TestNode.Signal(agent.Id, 15);
        TestNode.Signal(second.Id, 15);
        await Task.WhenAll(agent.WaitForExitAsync(), second.WaitForExitAsync());
        Assert.Equal((0, 0), (agent.ExitCode, second.ExitCode));
        await manager.SeeAsync("agent", "STOPPING=1");
        await manager.SeeAsync("supervisor", "STOPPING=1");
        Assert.False(TestNode.Lives(after.Pid));
    }

    [Fact]
    public async Task A_supervisor_that_was_there_before_the_first_agent_is_no_sign_of_a_lost_store()
    {
        await using var node = TestNode.Create();
        (await node.HoldfastAsync("keys", "init")).Ok();
        using var manager = new Manager(node);
        using var supervisor = manager.Start("supervisor", "holdfast-supervisor", "run", "--home", node.Home);
        await manager.SeeAsync("supervisor", "READY=1");

        using var agent = manager.Start("agent", "holdfast", "agent", "--home", node.Home, "--metrics", "off", "--supervisor", "external");
        await manager.SeeAsync("agent", "READY=1");
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();

        // From now on a store that is missing is one that was lost.
        TestNode.Signal(agent.Id, 15);
        await agent.WaitForExitAsync();
        foreach (var file in Directory.GetFiles(node.Home, "store.db*")) File.Delete(file);
        Assert.Contains("store.missing", (await node.HoldfastAsync("agent", "--metrics", "off", "--supervisor", "external")).Expect(8).Error, StringComparison.Ordinal);
        TestNode.Signal(supervisor.Id, 15);
        await supervisor.WaitForExitAsync();
    }

    /// <summary>The part of a service manager that listens.</summary>
    private sealed class Manager(TestNode node) : IDisposable
    {
        private readonly Dictionary<string, (Socket Socket, List<string> Told)> units = [];

        public Process Start(string unit, string program, params string[] arguments)
        {
            var address = Path.Combine(node.Root, unit + ".notify");
            if (!units.ContainsKey(unit))
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
                socket.Bind(new UnixDomainSocketEndPoint(address));
                units[unit] = (socket, []);
            }

            var start = new ProcessStartInfo(Path.Combine(Programs.Folder, program), arguments);
            start.Environment["NOTIFY_SOCKET"] = address;
            return Process.Start(start)!;
        }

        public Task SeeAsync(string unit, string word) => Eventually.SeeAsync($"{word} of the {unit}", () =>
        {
            var (socket, told) = units[unit];
            var buffer = new byte[4096];
            while (socket.Available > 0) told.Add(Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer)));
            return told.Contains(word);
        });

        public void Dispose()
        {
            foreach (var (socket, _) in units.Values) socket.Dispose();
        }
    }
}
