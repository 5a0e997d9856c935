using Holdfast.Core.Problems;
using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

public abstract partial class ProcessHostConformance
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void An_exit_code_is_told(int code)
    {
        using var host = NewHost();
        Assert.Equal(new ProcessExit(code, null, false), host.ExitOf(host.Start(host.Open(), $"exit {code}")));
    }

    [Theory]
    [InlineData("TERM", "SIGTERM")]
    [InlineData("KILL", "SIGKILL")]
    [InlineData("USR1", "SIGUSR1")]
    [InlineData("RTMIN+3", "SIGRTMIN+3")]
    public void A_signal_is_delivered_and_told_by_name(string sent, string told)
    {
        using var host = NewHost();
        var process = host.Start(host.Open(), "exec sleep 100");
        Assert.True(host.Host.Signal(process, sent).IsOk);
        Assert.Equal(new ProcessExit(null, told, false), host.ExitOf(process));
    }

    [Fact]
    public void A_process_that_has_ended_is_not_signalled()
    {
        using var host = NewHost();
        var process = host.Start(host.Open(), "exit 0");
        host.ExitOf(process);
        Assert.Equal(ProblemKind.NotFound, host.Host.Signal(process, "TERM").Problems[0].Kind);
    }

    [Fact]
    public void A_signal_that_does_not_exist_is_refused()
    {
        using var host = NewHost();
        var process = host.Start(host.Open(), "exec sleep 100");
        Assert.Equal("signal.unknown", host.Host.Signal(process, "FOO").Problems[0].Rule);
    }

    [Fact]
    public void The_exit_is_told_before_emptiness_and_each_once()
    {
        using var host = NewHost();
        var container = host.Open();
        var process = host.Start(container, "exit 0");
        host.WaitUntilEmptied(container);
        host.Host.Wait(TimeSpan.Zero, host.Events);
        Assert.Collection(
            host.Events,
            first => Assert.Equal(new HostEvent.Exited(process, new(0, null, false)), first),
            second => Assert.Equal(new HostEvent.Emptied(container), second));
    }

    [Fact]
    public void A_container_that_another_thread_killed_takes_the_next_process()
    {
        using var host = NewHost();
        var container = host.Open();
        host.Start(container, "exec sleep 100");
        var killer = new Thread(container.KillFromAnywhere);
        killer.Start();
        killer.Join();
        host.WaitUntilEmptied(container);
        Assert.Equal(new ProcessExit(3, null, false), host.ExitOf(host.Start(container, "exit 3")));
    }

    [Fact]
    public void A_container_is_not_empty_while_a_grandchild_lives()
    {
        using var host = NewHost();
        var container = host.Open();
        var process = host.Start(container, "sleep 100 & exit 0");
        host.ExitOf(process);
        Assert.False(container.IsEmpty);
        Assert.Single(container.Members());
        Assert.Empty(host.Events.OfType<HostEvent.Emptied>());

        container.Kill();
        host.WaitUntilEmptied(container);
        Assert.True(container.IsEmpty);
        Assert.Empty(container.Members());
    }

    [Fact]
    public void Emptiness_comes_when_the_last_one_ends_by_itself()
    {
        using var host = NewHost();
        var container = host.Open();
        var gate = Path.Combine(host.Folder, "gate");
        host.ExitOf(host.Start(container, $"mkfifo {gate}; sh -c 'read line <{gate}' & exit 0"));
        Assert.False(container.IsEmpty);
        File.WriteAllText(gate, "go\n");
        host.WaitUntilEmptied(container);
    }

    [Fact]
    public void Waking_and_watched_handles_end_a_wait()
    {
        using var host = NewHost();
        using var pipe = Pipe.Create();
        host.Host.Watch(pipe.Read.Handle, 99);
        host.Host.Wake();
        host.Host.Wait(HostHarness.Generous, host.Events);
        Assert.Empty(host.Events);

        pipe.Write.Write("x"u8);
        host.WaitFor<HostEvent.Readable>(readable => readable.Token == 99);
        host.Host.Unwatch(pipe.Read.Handle);
        host.Events.Clear();
        host.Host.Wait(TimeSpan.Zero, host.Events);
        Assert.Empty(host.Events);
    }
}
