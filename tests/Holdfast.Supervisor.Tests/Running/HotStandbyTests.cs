using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Holdfast.Core.Leadership;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>What stands by hot, with real processes: it is promoted by each of the ways that a spec can name, and killed like anything else that leads.</summary>
public sealed class HotStandbyTests : IAsyncLifetime
{
    private const long Lease = 7;

    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(
            ("run", "trap 'cut -d\" \" -f1 \"$HOLDFAST_LEASE\" > told' USR1; echo \"${HOLDFAST_EPOCH:-none}\" > born; while :; do sleep 0.05; done"),
            ("hook", "echo \"$HOLDFAST_HOOK $HOLDFAST_EPOCH $HOLDFAST_MAINPID\" > $HOME/hooked"),
            ("bad-hook", "exit 9"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task It_runs_before_it_leads_and_its_hook_is_told_the_epoch()
    {
        var spec = Hot(new PromoteSpec { Hook = Hook("hook") });
        await node.ApplyAsync(StandsBy(spec));
        var stands = await node.WaitAsync(s => s.State == InstanceState.Running, "running");
        Assert.Equal((true, null, null), (stands.StandsBy, stands.Epoch, stands.Lease));
        await ReadAsync("born", "none");

        await node.ExtendAsync(Lease, 60);
        await node.ApplyAsync(Led(spec, 5));
        var leads = await node.WaitAsync(s => s is { State: InstanceState.Running, Epoch: 5 }, "promoted");
        Assert.Equal((stands.Pid, false, Lease, "promoted in epoch 5: its hook succeeded"), (leads.Pid, leads.StandsBy, leads.Lease, leads.Reason));
        await ReadAsync("hooked", $"promote 5 {stands.Pid}");
        Assert.Single(node.Events(), e => e.Kind == EventKind.Promoted);
    }

    [Fact]
    public async Task Law04_it_is_not_told_before_the_lease_lets_it_act()
    {
        var spec = Hot(new PromoteSpec { Signal = "USR1" });
        await node.ApplyAsync(StandsBy(spec));
        var stands = await node.WaitAsync(s => s.State == InstanceState.Running, "running");
        await ReadAsync("born", "none");
        await node.ApplyAsync(Led(spec, 5));
        var waits = await node.WaitAsync(s => s.Reason.Contains("was not told yet", StringComparison.Ordinal), "waiting for the lease");
        Assert.Equal((InstanceState.Starting, false, stands.Pid), (waits.State, waits.Ready, waits.Pid));
        Assert.False(File.Exists(Data("told")));
        await node.ExtendAsync(Lease, 60);
        await node.WaitAsync(s => s is { State: InstanceState.Running, Epoch: 5 }, "promoted");
        // What it reads when it is told is the epoch already.
        await ReadAsync("told", 5.ToString("D20", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Law04_what_was_started_as_a_standby_is_killed_at_the_deadline()
    {
        var spec = Hot(new PromoteSpec { Signal = "USR1" });
        await node.ApplyAsync(StandsBy(spec));
        var stands = await node.WaitAsync(s => s.State == InstanceState.Running, "running");
        await ReadAsync("born", "none");
        await node.ExtendAsync(Lease, 8);
        await node.ApplyAsync(Led(spec, 5));
        await node.WaitAsync(s => s is { State: InstanceState.Running, Epoch: 5 }, "promoted");
        var fenced = await node.WaitAsync(s => s.State == InstanceState.Stopped, "fenced");
        Assert.Contains("deadline has passed", fenced.Reason, StringComparison.Ordinal);
        Assert.False(TestNode.IsAlive(stands.Pid!.Value));
        Assert.DoesNotContain(node.Events(), e => e.Kind == EventKind.RestartScheduled);
    }

    [Fact]
    public async Task What_is_not_promoted_is_started_anew_and_says_why()
    {
        var spec = Hot(new PromoteSpec { Hook = Hook("bad-hook") }) with { Restart = new RestartSpec { Attempts = 1, Delays = [TimeSpan.Zero] } };
        await node.ApplyAsync(StandsBy(spec));
        var stands = await node.WaitAsync(s => s.State == InstanceState.Running, "running");
        await node.ExtendAsync(Lease, 60);
        await node.ApplyAsync(Led(spec, 5));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "given up");
        Assert.Contains("it was not promoted in epoch 5: exit code 9", failed.Reason, StringComparison.Ordinal);
        Assert.False(TestNode.IsAlive(stands.Pid!.Value));
        Assert.Equal(2, node.Events().Count(e => e.Kind == EventKind.PromotionFailed));
    }

    [Fact]
    public async Task It_is_told_by_HTTP_with_its_epoch_and_its_word_counts()
    {
        using var service = new TcpListener(IPAddress.Loopback, 0);
        service.Start();
        var port = ((IPEndPoint)service.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var spec = Hot(new PromoteSpec { Http = new PromoteHttp(port, "/lead") });
        await node.ApplyAsync(StandsBy(spec));
        await node.WaitAsync(s => s.State == InstanceState.Running, "running");
        await node.ExtendAsync(Lease, 60);
        await node.ApplyAsync(Led(spec, 12));
        using (var asked = await service.AcceptTcpClientAsync())
        {
            var stream = asked.GetStream();
            var buffer = new byte[4096];
            var request = "";
            while (!request.EndsWith("\r\n\r\n", StringComparison.Ordinal)) request += Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer));
            Assert.StartsWith("POST /lead HTTP/1.1\r\n", request, StringComparison.Ordinal);
            Assert.Contains("\r\nHoldfast-Epoch: 12\r\n", request, StringComparison.Ordinal);
            Assert.Equal(InstanceState.Starting, (await node.StatusAsync()).State);
            await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
        }

        var leads = await node.WaitAsync(s => s is { State: InstanceState.Running, Epoch: 12 }, "promoted");
        Assert.Equal("promoted in epoch 12: it has answered", leads.Reason);
    }

    [Fact]
    public async Task Law03_the_next_supervisor_promotes_what_stood_by_under_the_one_before()
    {
        var spec = Hot(new PromoteSpec { Signal = "USR1" });
        await node.ApplyAsync(StandsBy(spec));
        var stands = await node.WaitAsync(s => s.State == InstanceState.Running, "running");
        await ReadAsync("born", "none");
        var upgraded = await node.Client.UpgradeAsync(node.AnotherBuild(), default);
        Assert.True(upgraded.IsOk, string.Join("; ", upgraded.Problems) + node.Errors);
        await node.ExtendAsync(Lease, 60);
        await node.ApplyAsync(Led(spec, 5));
        var leads = await node.WaitAsync(s => s is { State: InstanceState.Running, Epoch: 5 }, "promoted");
        Assert.Equal(stands.Pid, leads.Pid);
        await ReadAsync("told", 5.ToString("D20", CultureInfo.InvariantCulture));
        await node.Client.FenceAsync(Lease, "so", default);
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "fenced");
        Assert.False(TestNode.IsAlive(stands.Pid!.Value));
    }

    private ServiceSpec Hot(PromoteSpec promote) => node.Spec() with { Placement = new PlacementSpec { Mode = PlacementMode.ActiveStandby, Standby = Standby.Hot, Promote = promote } };

    private HookSpec Hook(string script) => new() { Command = [node.FilePath(script)], Timeout = TimeSpan.FromSeconds(5) };

    private DesiredInstance StandsBy(ServiceSpec spec)
    {
        var wanted = node.Wanted(spec);
        return wanted with { Plan = wanted.Plan with { StandsBy = true } };
    }

    private DesiredInstance Led(ServiceSpec spec, long epoch) => TestNode.Led(node.Wanted(spec), epoch, Lease);

    private string Data(string name) => Path.Combine(node.DataFolder("svc-0"), name);

    private Task ReadAsync(string name, string text) =>
        TestNode.UntilAsync(() => Task.FromResult(File.Exists(Data(name)) && File.ReadAllText(Data(name)) == text + "\n"), () => $"{name}: {(File.Exists(Data(name)) ? File.ReadAllText(Data(name)) : "not there")}");
}
