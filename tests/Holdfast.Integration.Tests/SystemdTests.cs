using Holdfast.Integration.Tests.Machines;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>The units under a systemd that runs a machine: started, killed, stopped, cut off, and booted again.</summary>
[Trait("Category", "Slow")]
public sealed class SystemdTests
{
    private const string Unit = "holdfast-service-ledger.service";

    [SystemdMachine.Fact]
    public async Task Law05_and_11_a_machine_boots_into_what_was_wanted_and_its_reboots_count_for_nothing()
    {
        await using var node = SystemdMachine.CreateNode();
        await using var machine = await SystemdMachine.BootAsync(node);
        (await machine.HoldfastAsync("keys", "init")).Ok();
        (await machine.HoldfastAsync("agent", "install", "--now")).Ok();
        (await machine.HoldfastAsync("deploy", await SignedAsync(machine, node, "orders"))).Ok();
        await ExportLedgerAsync(machine, node);

        // A service's end is its supervisor's matter: no unit notices.
        var (orders, ledger) = (await machine.PsAsync("orders"), await machine.PsAsync("ledger"));
        Assert.Equal(("shared", Unit), (orders.Supervisor, ledger.Supervisor));
        await machine.KillAsync(orders.Pid);
        await machine.KillAsync(ledger.Pid);
        orders = await machine.SeeAsync("restarted once", "orders", row => row is { State: "running", Restarts: 1 });
        ledger = await machine.SeeAsync("restarted once", "ledger", row => row is { State: "running", Restarts: 1 });
        Assert.Equal(("0", "0"), (await machine.ShowAsync("holdfast-supervisor", "NRestarts"), await machine.ShowAsync(Unit, "NRestarts")));

        // A supervisor's end is systemd's: its services come back uncounted, those of another are not touched.
        await machine.KillAsync(int.Parse(await machine.ShowAsync("holdfast-supervisor", "MainPID")));
        orders = await machine.SeeAsync("running again", "orders", row => row is { State: "running", Restarts: 1, Pid: > 0 } && row.Pid != orders.Pid);
        Assert.Equal(ledger.Pid, (await machine.PsAsync("ledger")).Pid);
        await machine.KillAsync(int.Parse(await machine.ShowAsync(Unit, "MainPID")));
        ledger = await machine.SeeAsync("running again", "ledger", row => row is { State: "running", Restarts: 1, Pid: > 0 } && row.Pid != ledger.Pid);
        Assert.Equal(orders.Pid, (await machine.PsAsync("orders")).Pid);

        await StoppedAndStartedAsync(machine, ledger);

        // Power is cut: stale sockets, identities and locks, another boot id, and a boot clock that begins anew.
        await machine.CutPowerAsync();
        foreach (var service in new[] { "orders", "ledger" })
            await machine.SeeAsync("running after the boot", service, row => row is { State: "running", Restarts: 1, Pid: > 0 });
        Assert.Equal(("active", "active", "active"), (await machine.ShowAsync("holdfast-agent", "ActiveState"), await machine.ShowAsync("holdfast-supervisor", "ActiveState"), await machine.ShowAsync(Unit, "ActiveState")));

        // In order: the agent's start began when the supervisor had said that it serves.
        Assert.True(long.Parse(await machine.ShowAsync("holdfast-supervisor", "ActiveEnterTimestampMonotonic")) <= long.Parse(await machine.ShowAsync("holdfast-agent", "ExecMainStartTimestampMonotonic")));

        (await machine.HoldfastAsync("agent", "uninstall")).Ok();
        Assert.Equal([Unit], Directory.GetFiles(Path.Combine(node.Root, "machine", "units"), "holdfast-*").Select(Path.GetFileName));
        Assert.Equal("active", await machine.ShowAsync(Unit, "ActiveState"));
        Assert.True(File.Exists(Path.Combine(node.Home, "store.db")));
    }

    /// <summary>Where systemd starts supervisors, a service's own must be its unit first: a deploy that needs it says so.</summary>
    private static async Task ExportLedgerAsync(SystemdMachine machine, TestNode node)
    {
        var package = await SignedAsync(machine, node, "ledger", "supervisor: dedicated");
        var refused = (await machine.HoldfastAsync("deploy", package)).Expect(7);
        Assert.Contains("holdfast service export ledger --systemd --now", refused.Output + refused.Error, StringComparison.Ordinal);
        (await machine.HoldfastAsync("service", "export", "ledger", "--systemd", "--now")).Ok();
        await machine.SeeAsync("running", "ledger", row => row.State == "running");
    }

    private static async Task StoppedAndStartedAsync(SystemdMachine machine, InstanceRow before)
    {
        (await machine.RunAsync("systemctl", "stop", Unit)).Ok();
        Assert.False(await machine.LivesAsync(before.Pid));
        Assert.Contains("ending", (await machine.HoldfastAsync("logs", "ledger")).Ok().Output, StringComparison.Ordinal);
        await machine.SeeAsync("stopped by the service manager", "ledger", row => row.State == "stopped" && row.Reason.Contains("systemctl start " + Unit, StringComparison.Ordinal));
        Assert.Equal("inactive", await machine.ShowAsync(Unit, "ActiveState"));
        (await machine.RunAsync("systemctl", "start", Unit)).Ok();
        await machine.SeeAsync("running again", "ledger", row => row is { State: "running", Restarts: 1, Pid: > 0 } && row.Pid != before.Pid);
    }

    private static async Task<string> SignedAsync(SystemdMachine machine, TestNode node, string name, string more = "")
    {
        var package = Path.Combine(node.Work, name + ".hfpkg");
        new ServiceFolder(node, name).Write(ServiceFolder.Steady, more);
        (await machine.HoldfastAsync("pack", Path.Combine(node.Work, name), "-o", package)).Ok();
        (await machine.HoldfastAsync("sign", package)).Ok();
        return package;
    }
}
