using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

public abstract partial class ProcessHostConformance
{
    [Fact]
    public void What_is_suspended_stands_still_with_all_that_it_forks_and_goes_on()
    {
        using var host = NewHost();
        var (container, other) = (host.Open("still"), host.Open("bystander"));
        var file = Path.Combine(host.Folder, "count");
        host.Start(container, $"while :; do setsid sh -c 'echo x >>{file}'; done");
        host.WaitUntil(() => Read(file).Length > 30, "it has forked a number of times");

        host.WaitUntil(() => container.Suspend().Value, "all of it stands still");
        var before = Read(file);
        // What others get done meanwhile is more than it had done.
        var (output, exit) = host.Run(other, "i=0; while [ $i -lt 300 ]; do i=$((i+1)); sh -c :; done; echo $i");
        Assert.Equal(("300", 0), (output.Trim(), exit.Code));
        Assert.Equal(before, Read(file));
        Assert.NotEmpty(container.Members());

        Assert.True(container.LetRun().IsOk);
        host.WaitUntil(() => Read(file).Length > before.Length + 30, "it goes on");
        Assert.True(container.LetRun().IsOk);
    }

    [Fact]
    public void Law02_what_is_suspended_is_killed_and_what_is_started_in_its_place_runs()
    {
        using var host = NewHost();
        var container = host.Open();
        for (var round = 0; round < 3; round++)
        {
            host.Events.Clear();
            var process = host.Start(container, "sleep 100 & exec sleep 100");
            host.WaitUntil(() => container.Members().Count == 2, "both live");
            host.WaitUntil(() => container.Suspend().Value, "all of it stands still");
            container.Kill();
            host.WaitUntilEmptied(container);
            Assert.Equal("SIGKILL", host.ExitOf(process).Signal);
            Assert.Equal("here", host.Run(container, "echo here").Output.Trim());
        }
    }

    [Fact]
    public void What_was_killed_from_outside_while_it_was_suspended_leaves_nothing_suspended()
    {
        using var host = NewHost();
        var container = host.Open();
        var process = host.Start(container, "exec sleep 100");
        host.WaitUntil(() => container.Suspend().Value, "it stands still");
        Assert.True(host.Host.Signal(process, "KILL").IsOk);
        Assert.Equal("SIGKILL", host.ExitOf(process).Signal);
        Assert.Equal("here", host.Run(container, "echo here").Output.Trim());
    }

    [Fact]
    public void Nothing_to_suspend_stands_still()
    {
        using var host = NewHost();
        var container = host.Open();
        host.WaitUntil(() => container.Suspend().Value, "nothing moves in it");
        Assert.True(container.LetRun().IsOk);
    }
}
