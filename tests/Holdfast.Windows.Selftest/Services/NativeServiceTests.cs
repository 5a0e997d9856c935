using System.Diagnostics;
using Holdfast.Core.NativeServices;
using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Selftest.Services;

/// <summary>A service of ours under the system's own SCM, seen from outside.</summary>
public sealed class NativeServiceTests
{
    [Fact]
    public void It_starts_with_rising_checkpoints_and_runs_when_it_is_ready_and_stops_with_0()
    {
        using var service = new TestService("start:6x300 ready stop:4x300");
        Assert.Equal(NativeState.Stopped, service.Status.State);
        service.Start();
        var running = service.WaitFor(NativeState.Running);
        Assert.Equal(AcceptedControls.Stop | AcceptedControls.Preshutdown, running.Accepted);
        var starting = service.Seen.Where(status => status.State == NativeState.StartPending).ToList();
        Assert.True(starting.Select(status => status.Checkpoint).Distinct().Count() >= 3, string.Join(", ", starting));
        Assert.All(starting.Where(status => status.Checkpoint > 0), status => Assert.True(status.WaitHint >= TimeSpan.FromSeconds(10), status.ToString()));

        service.Control(NativeControl.Stop);
        var stopped = service.WaitFor(NativeState.Stopped);
        Assert.Equal(NativeExit.Success, stopped.Exit);
        Assert.True(service.Seen.Where(status => status.State == NativeState.StopPending).Select(status => status.Checkpoint).Distinct().Count() >= 2);
        Assert.Equal(["StopInstance", "CloseHost"], service.Done);
        AssertNeverBack(service.Seen);
    }

    [Fact]
    public void A_stop_while_it_starts_is_honoured_and_it_never_runs()
    {
        using var service = new TestService("start:200x200 ready");
        service.Start();
        service.WaitFor(status => status is { State: NativeState.StartPending, Checkpoint: > 2 }, "a start in hand");
        service.Control(NativeControl.Stop);
        var stopped = service.WaitFor(NativeState.Stopped);
        Assert.Equal(NativeExit.Success, stopped.Exit);
        Assert.DoesNotContain(service.Seen, status => status.State == NativeState.Running);
        AssertNeverBack(service.Seen);
    }

    [Fact]
    public void It_pauses_goes_on_and_reloads()
    {
        using var service = new TestService("start:2x100 ready pause reload");
        service.Start();
        var running = service.WaitFor(NativeState.Running);
        Assert.Equal(AcceptedControls.Stop | AcceptedControls.Preshutdown | AcceptedControls.PauseContinue | AcceptedControls.ParamChange, running.Accepted);
        service.Control(NativeControl.Pause);
        service.WaitFor(NativeState.Paused);
        service.Control(NativeControl.Interrogate);
        service.Control(NativeControl.Continue);
        service.WaitFor(NativeState.Running);
        service.Control(NativeControl.ParamChange);
        service.Control(NativeControl.Pause);
        service.WaitFor(NativeState.Paused);
        service.Control(NativeControl.Stop);
        Assert.Equal(NativeExit.Success, service.WaitFor(NativeState.Stopped).Exit);
        Assert.Equal(["PauseInstance", "ContinueInstance", "ReloadInstance", "PauseInstance", "ContinueInstance", "StopInstance", "CloseHost"], service.Done);
    }

    [Fact]
    public void What_law_5_has_given_up_is_stopped_with_the_exit_code_of_its_program()
    {
        using var service = new TestService("start:2x100 fail:3");
        service.Start();
        service.WaitFor(NativeState.StartPending);
        var stopped = service.WaitFor(NativeState.Stopped);
        Assert.Equal(new NativeExit(WindowsError.ServiceSpecific, 3), stopped.Exit);
        Assert.DoesNotContain(service.Seen, status => status.State == NativeState.Running);
        AssertNeverBack(service.Seen);
    }

    [Fact]
    public void A_crash_of_the_host_is_no_stop_of_its_own()
    {
        using var service = new TestService("start:3x200 ready");
        service.Start();
        service.WaitFor(NativeState.Running);
        using var host = Process.GetProcessById(service.ProcessId);
        host.Kill();
        host.WaitForExit();
        // Windows notices it, and calls it 1067; Wine's SCM shows what it was told last. Neither has heard of a stop.
        var after = service.Status;
        Assert.True(after.State is NativeState.Running || after is { State: NativeState.Stopped, Exit.Win32: WindowsError.ProcessAborted }, after.ToString());
        Assert.DoesNotContain(service.Seen, status => status.State is NativeState.StopPending);
        Assert.Empty(service.Done);
    }

    [Fact]
    [WineLacks("recovery actions: its SCM keeps them and does nothing")]
    public void The_scm_starts_a_service_again_whose_host_has_crashed()
    {
        using var service = new TestService("start:1x100 ready");
        service.Start();
        service.WaitFor(NativeState.Running);
        using var host = Process.GetProcessById(service.ProcessId);
        host.Kill();
        service.WaitFor(NativeState.Stopped);
        service.WaitFor(NativeState.Running);
        Assert.NotEqual(host.Id, service.ProcessId);
    }

    [Fact]
    public void A_process_that_the_scm_has_not_started_says_so()
    {
        using var process = StartedProcess.Start(new ProcessStartInfo(Environment.ProcessPath!, ["patient", "native-service", "holdfast-test-none", "ready", "none"]) { RedirectStandardError = true });
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(5, process.ExitCode);
        Assert.Contains("scm.not-run-by-scm", error, StringComparison.Ordinal);
    }

    /// <summary>A state that is polled leads on, and within a pending one the checkpoint only grows.</summary>
    private static void AssertNeverBack(IReadOnlyList<NativeStatus> seen)
    {
        var statuses = seen.SkipWhile(status => status.State == NativeState.Stopped).ToList();
        foreach (var (before, after) in statuses.Zip(statuses.Skip(1)))
        {
            Assert.True(Rank(after.State) >= Rank(before.State), $"{after} after {before}");
            if (after.State == before.State) Assert.True(after.Checkpoint > before.Checkpoint, $"{after} after {before}");
        }
    }

    private static int Rank(NativeState state) => state switch
    {
        NativeState.StartPending => 0,
        NativeState.StopPending => 2,
        NativeState.Stopped => 3,
        _ => 1,
    };
}
