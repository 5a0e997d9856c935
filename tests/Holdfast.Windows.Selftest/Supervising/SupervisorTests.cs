using System.Diagnostics;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using static Holdfast.Windows.Selftest.Processes.PatientHost;

namespace Holdfast.Windows.Selftest.Supervising;

/// <summary>The supervisor as it is built, with services that it keeps.</summary>
public sealed class SupervisorTests : IDisposable
{
    private readonly SupervisedHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void A_service_runs_is_captured_restarted_when_it_is_killed_and_stops_when_it_is_asked()
    {
        home.Start();
        home.Apply(home.Wanted(Spec, RunState.Running, "service"));
        var first = home.WaitFor(InstanceState.Running);
        SupervisedHome.Until(() => home.Output().Contains($"up {first.Pid} 中文", StringComparison.Ordinal), "its first line is captured");

        using (var victim = Process.GetProcessById(first.Pid!.Value)) victim.Kill();
        var second = home.WaitFor(InstanceState.Running, status => status.Pid != first.Pid);
        Assert.Equal(1, second.Restarts);
        SupervisedHome.Until(() => home.Output().Contains($"up {second.Pid}", StringComparison.Ordinal), "it runs again");

        home.Apply(home.Wanted(Spec, RunState.Stopped, "service"));
        var stopped = home.WaitFor(InstanceState.Stopped);
        // By itself, in order: not one of those who had to be killed.
        Assert.Equal(0, stopped.LastExit!.Code);
        Assert.Contains("down", home.Output(), StringComparison.Ordinal);
        Assert.Equal(0, home.Shutdown());
        Assert.False(IsRunning(second.Pid!.Value));
    }

    [Fact]
    public void A_service_that_says_when_it_is_ready_is_ready_then()
    {
        home.Start();
        home.Apply(home.Wanted(Spec with { Ready = ReadyWhen.Notify }, RunState.Running, "service", "notify"));
        var running = home.WaitFor(InstanceState.Running, status => status.Ready);
        Assert.Equal("serving", running.StatusText);
    }

    /// <summary>More than its pipe holds.</summary>
    [Fact]
    public void A_service_reads_what_is_put_into_its_input_to_the_end()
    {
        home.Start();
        home.Apply(home.Wanted(Spec with { Stdin = StdinAccess.Open }, RunState.Running, "count"));
        home.WaitFor(InstanceState.Running);
        Assert.Equal(new(40_000), home.Give("svc-0", new byte[40_000]));
        SupervisedHome.Until(() => home.Output().Contains("40000", StringComparison.Ordinal), "it has read all of it");
    }

    [Fact]
    public void A_probe_of_a_port_makes_it_ready()
    {
        var port = FreePorts.Take(1)[0];
        home.Start();
        var spec = Spec with
        {
            Ports = new Dictionary<string, int?> { ["tcp"] = port },
            Health = new HealthSpec { Readiness = new ProbeSpec { Tcp = new("tcp"), Interval = TimeSpan.FromMilliseconds(200) } },
        };
        home.Apply(home.Wanted(spec, RunState.Running, "service", "port", $"{port}"));
        home.WaitFor(InstanceState.Running, status => status.Ready);
    }

    [Fact]
    public void Law02_nothing_of_a_service_is_left_when_the_supervisor_is_terminated()
    {
        home.Start();
        home.Apply(home.Wanted(Spec, RunState.Running, "service"));
        var running = home.WaitFor(InstanceState.Running);
        home.Supervisor!.Kill();
        home.Supervisor.WaitForExit();
        SupervisedHome.Until(() => !IsRunning(running.Pid!.Value), "its service is gone");
    }

    [Fact]
    public void The_guard_starts_the_next_supervisor_and_that_the_services()
    {
        home.Start("guard");
        home.Apply(home.Wanted(Spec, RunState.Running, "service"));
        var running = home.WaitFor(InstanceState.Running);
        var killed = home.Identity!;
        using (var held = HeldProcess.Take(killed.Pid, killed.CreationTime)!) held.End();
        SupervisedHome.Until(() => home.Identity is { } next && next.Pid != killed.Pid, "there is another supervisor");
        home.Connect();
        var again = home.WaitFor(InstanceState.Running, status => status.Pid != running.Pid);
        Assert.False(IsRunning(running.Pid!.Value));
        Assert.True(IsRunning(again.Pid!.Value));
        SupervisedHome.Until(() => home.Output().Contains($"up {again.Pid}", StringComparison.Ordinal), "it is up");
        Assert.Equal(0, home.Shutdown());
        // It was asked, and did not have to be killed: whoever starts the supervisor does not make its services deaf.
        Assert.Contains("down", home.Output(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_refuses_to_become_another_version_and_goes_on()
    {
        home.Start();
        Assert.Equal("upgrade.in-place", home.Upgrade(@"C:\next\holdfast-supervisor.exe"));
        Assert.Null(home.Upgrade(home.Identity!.Executable!));
        Assert.Equal(0, home.Shutdown());
    }

    [Fact]
    public void It_stops_its_services_and_ends_when_it_is_asked_to_end()
    {
        home.Start();
        home.Apply(home.Wanted(Spec, RunState.Running, "service"));
        home.WaitFor(InstanceState.Running);
        SupervisedHome.Until(() => home.Output().Contains("up", StringComparison.Ordinal), "it is up");
        var identity = home.Identity!;
        using (var held = HeldProcess.Take(identity.Pid, identity.CreationTime)!) held.Signal("TERM");
        Assert.True(home.Supervisor!.WaitForExit(Testing.Processes.HostHarness.Generous));
        Assert.Equal(0, home.Supervisor.ExitCode);
        Assert.Contains("down", home.Output(), StringComparison.Ordinal);
    }

    private static ServiceSpec Spec => new()
    {
        Name = "svc",
        Command = ["run"],
        Restart = new RestartSpec { Delays = [TimeSpan.Zero] },
        Stop = new StopSpec { Timeout = TimeSpan.FromSeconds(10) },
    };
}
