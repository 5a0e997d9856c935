using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Patients;

namespace Holdfast.Windows.Selftest.Processes;

/// <summary>Rungs of the stop ladder, each at a process with a console of its own.</summary>
public sealed class StoppingTests
{
    [Theory]
    [InlineData("INT", "SIGINT")]
    [InlineData("TERM", "SIGINT")]
    public void A_process_hears_that_it_is_to_end(string sent, string heard) => Hear(sent, heard);

    [Fact]
    [Running.WineLacks("Ctrl-Break")]
    public void A_process_hears_Ctrl_Break() => Hear("QUIT", "SIGQUIT");

    [Fact]
    public void Another_console_hears_nothing_of_it()
    {
        using var host = new HostHarness();
        using var mine = Pipe.Create();
        using var other = Pipe.Create();
        var asked = host.Host.Start(host.Open("asked"), Patient.Launch("signals") with { Stdout = mine.Write.Handle }).Value;
        var bystander = host.Host.Start(host.Open("bystander"), Patient.Launch("signals") with { Stdout = other.Write.Handle }).Value;
        mine.Write.Dispose();
        other.Write.Dispose();
        WaitForReady(host, mine);
        WaitForReady(host, other);
        Assert.True(host.Host.Signal(asked, "INT").IsOk);
        host.ExitOf(asked);
        Assert.True(ProcessFacts.IsAlive(bystander.Pid, bystander.CreationTime));
        // It would have ended at the first one.
        Assert.True(host.Host.Signal(bystander, "INT").IsOk);
        host.ExitOf(bystander);
        Assert.Equal("SIGINT\n", HostHarness.ReadToEnd(other.Read));
    }

    [Fact]
    public void Who_hears_nothing_is_killed()
    {
        using var host = new HostHarness();
        var container = host.Open();
        var process = host.StartPatient(container, "deaf");
        Assert.True(host.Host.Signal(process, "KILL").IsOk);
        Assert.Equal(new ProcessExit(null, "SIGKILL", false), host.ExitOf(process));
        host.WaitUntilEmptied(container);
    }

    [Fact]
    public void A_process_that_has_ended_is_not_asked()
    {
        using var host = new HostHarness();
        var process = host.StartPatient(host.Open(), "exit", "0");
        host.ExitOf(process);
        Assert.Equal(ProblemKind.NotFound, host.Host.Signal(process, "TERM").Problems[0].Kind);
    }

    [Theory]
    [InlineData("FOO")]
    [InlineData("USR1")]
    public void A_signal_that_Windows_does_not_have_is_refused(string signal)
    {
        using var host = new HostHarness();
        var process = host.StartPatient(host.Open(), "sleep");
        Assert.Equal("signal.unknown", host.Host.Signal(process, signal).Problems[0].Rule);
    }

    private static void Hear(string sent, string heard)
    {
        using var host = new HostHarness();
        using var pipe = Pipe.Create();
        var process = host.Host.Start(host.Open(), Patient.Launch("signals") with { Stdout = pipe.Write.Handle }).Value;
        pipe.Write.Dispose();
        WaitForReady(host, pipe);
        Assert.True(host.Host.Signal(process, sent).IsOk);
        Assert.Equal(7, host.ExitOf(process).Code);
        Assert.Equal(heard + "\n", HostHarness.ReadToEnd(pipe.Read));
    }

    private static void WaitForReady(HostHarness host, Pipe pipe)
    {
        var heard = "";
        host.WaitUntil(
            () =>
            {
                var buffer = new byte[64];
                if (pipe.Read.Read(buffer) is { State: ReadState.Data, Bytes: var count }) heard += System.Text.Encoding.UTF8.GetString(buffer, 0, count);
                return heard == "ready\n";
            },
            "it is ready");
    }
}
