using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Holdfast.Core.Supervision;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>A service as a unit of its own, its command run as the unit says it, by a service manager that only listens.</summary>
public sealed class ExportTests
{
    [SystemdFact]
    public async Task The_unit_is_what_systemd_understands()
    {
        await using var node = TestNode.Create();
        (await node.HoldfastAsync("service", "export", "ledger", "--systemd", "--root", node.Root)).Ok();
        var unit = Path.Combine(node.Root, "etc", "systemd", "system", "holdfast-service-ledger.service");
        // Installed again from where it is now, it is written again too.
        await File.WriteAllTextAsync(unit, (await File.ReadAllTextAsync(unit)).Replace("RestartSec=100ms", "RestartSec=200ms", StringComparison.Ordinal));
        (await node.HoldfastAsync("agent", "install", "--root", node.Root)).Ok();
        Assert.Contains("RestartSec=100ms", await File.ReadAllTextAsync(unit), StringComparison.Ordinal);

        var verified = await Programs.RunAsync("systemd-analyze", ["verify", "--man=no", unit], node.Work);

        Assert.Equal((0, ""), (verified.ExitCode, verified.Error.Trim()));
    }

    [Fact]
    public async Task Taken_away_the_units_are_gone_and_the_home_stays()
    {
        await using var node = TestNode.Create();
        (await node.HoldfastAsync("keys", "init")).Ok();
        (await node.HoldfastAsync("service", "export", "ledger", "--systemd", "--root", node.Root)).Ok();
        (await node.HoldfastAsync("agent", "install", "--root", node.Root)).Ok();
        var folder = Path.Combine(node.Root, "etc", "systemd", "system");

        var said = (await node.HoldfastAsync("agent", "uninstall", "--root", node.Root)).Ok().Error;
        Assert.Equal(["holdfast-service-ledger.service"], Directory.GetFiles(folder).Select(Path.GetFileName));
        Assert.Contains("holdfast service unexport ledger", said, StringComparison.Ordinal);
        (await node.HoldfastAsync("service", "unexport", "ledger", "--root", node.Root)).Ok();
        Assert.Empty(Directory.GetFiles(folder));
        Assert.True(Directory.Exists(Path.Combine(node.Home, "keys")));
    }

    [Fact]
    public async Task It_is_ready_when_its_service_is_and_what_the_manager_stops_nobody_else_starts()
    {
        await using var node = await TestNode.StartAsync();
        var gate = Path.Combine(node.Work, "open");
        await File.WriteAllTextAsync(gate, "");
        var folder = new ServiceFolder(node, "ledger").Write(ServiceFolder.Steady, $"supervisor: dedicated\nhealth: {{readiness: {{exec: {{command: [ready.sh]}}}}}}");
        folder.WriteFile("ready.sh", $"#!/bin/sh\ntest -e {gate}\n", executable: true);
        (await folder.DeployAsync()).Ok();
        var command = await CommandAsync(node);

        // The agent's own is ended as `service export --now` ends it; from then on the unit's mark keeps the agent from starting another.
        await File.WriteAllTextAsync(Path.Combine(node.Home, "supervisors", "ledger", "unit"), "holdfast-service-ledger.service\n");
        var guard = node.GuardPidOf("ledger");
        TestNode.Signal(guard, 15);
        await Eventually.SeeAsync("the end of the agent's own", () => !TestNode.Lives(guard) && node.SupervisorPidOf("ledger") == 0);
        await node.SeeAsync("stopped by the service manager", "ledger", row => row.State == "stopped" && row.Reason.Contains("systemctl start holdfast-service-ledger.service", StringComparison.Ordinal));
        var refused = (await node.HoldfastAsync("restart", "ledger")).Expect(7);
        Assert.Contains("systemctl start holdfast-service-ledger.service", refused.Output + refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, node.SupervisorPidOf("ledger"));

        // Not ready yet: it serves, and the manager still waits.
        File.Delete(gate);
        using var manager = new Listener(Path.Combine(node.Root, "notify"));
        using var unit = manager.Start(command);
        await manager.SeeAsync(told => told.StartsWith("STATUS=ledger-0 is starting", StringComparison.Ordinal));
        var waiting = await node.SeeAsync("starting", "ledger", row => row.State == "starting");
        Assert.Equal("holdfast-service-ledger.service", waiting.Supervisor);
        Assert.DoesNotContain("READY=1", manager.Told);
        // The restart that was refused is still wanted, and carried out when the agent has found the supervisor: what comes after is not to meet it.
        await Eventually.SeeAsync("the order as it is wanted", () => IncarnationOf(node, "ledger"), incarnation => incarnation == 2);
        await File.WriteAllTextAsync(gate, "");
        await manager.SeeAsync(told => told == "READY=1");
        var running = await node.SeeAsync("running", "ledger", row => row.State == "running");

        // Its restarts are the supervisor's: the unit does not notice.
        TestNode.Signal(running.Pid, 9);
        var again = await node.SeeAsync("restarted", "ledger", row => row is { State: "running", Restarts: 1 } && row.Pid != running.Pid);
        Assert.False(unit.HasExited);

        TestNode.Signal(unit.Id, 15);
        await unit.WaitForExitAsync();
        Assert.Equal(0, unit.ExitCode);
        Assert.False(TestNode.Lives(again.Pid));
        Assert.Contains("ending", (await node.HoldfastAsync("logs", "ledger")).Ok().Output, StringComparison.Ordinal);
        (await node.HoldfastAsync("stop", "ledger")).Ok();
        await node.KillAgentAsync();
        await node.StartAgentAsync();
        Assert.Equal("stopped", (await node.PsAsync("ledger")).State);
        Assert.Equal(0, node.SupervisorPidOf("ledger"));

        // Back with the agent it is started by that one: stopped, as it was wanted last.
        (await node.HoldfastAsync("service", "unexport", "ledger")).Ok();
        await node.SeeAsync("back, and stopped", "ledger", row => row is { State: "stopped", Supervisor: "dedicated" } && node.SupervisorPidOf("ledger") > 0);
        (await node.HoldfastAsync("start", "ledger")).Ok();
        Assert.Equal("running", (await node.PsAsync("ledger")).State);
    }

    /// <summary>The unit's ExecStart, as words.</summary>
    /// <summary>By its supervisor's order.</summary>
    private static async Task<long> IncarnationOf(TestNode node, string service)
    {
        var order = await File.ReadAllBytesAsync(Path.Combine(node.Home, "supervisors", service, "instances", $"{service}-0.order.json"));
        return JsonSerializer.Deserialize(order, SupervisionJson.Default.InstanceOrder)!.Desired.Incarnation;
    }

    private static async Task<string[]> CommandAsync(TestNode node)
    {
        var printed = (await node.HoldfastAsync("service", "export", "ledger", "--systemd", "--print")).Ok().Output;
        var line = printed.Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        return [.. line["ExecStart=".Length..].Split(' ').Select(word => word.Trim('"'))];
    }

    private sealed class Listener : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly string address;

        public Listener(string address)
        {
            this.address = address;
            socket.Bind(new UnixDomainSocketEndPoint(address));
        }

        public List<string> Told { get; } = [];

        public Process Start(string[] command)
        {
            var start = new ProcessStartInfo(command[0], command[1..]);
            start.Environment["NOTIFY_SOCKET"] = address;
            return Process.Start(start)!;
        }

        public Task SeeAsync(Predicate<string> wanted) => Eventually.SeeAsync("what the unit says", () =>
        {
            var buffer = new byte[4096];
            while (socket.Available > 0) Told.Add(Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer)));
            return Told.Exists(wanted);
        });

        public void Dispose() => socket.Dispose();
    }
}
