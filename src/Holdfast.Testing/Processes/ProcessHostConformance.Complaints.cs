using Holdfast.Core.Problems;
using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

/// <summary>What users of other supervisors complain about in the handling of processes; docs/complaints.md has the list.</summary>
public abstract partial class ProcessHostConformance
{
    [Fact]
    public void Winsw123_a_process_that_has_got_the_number_of_an_ended_one_is_never_touched()
    {
        if (!NextPid.CanBeChosen)
            return; // Numbers come round by themselves, but not within a test.
        using var host = NewHost();
        var container = host.Open();
        var ended = host.Start(container, "exit 0");
        host.WaitUntilEmptied(container);
        // Numbers do not come round within one tick of the clock that creation times are told in.
        host.WaitUntil(() => ProcessFacts.Age(ended.CreationTime) > TimeSpan.FromMilliseconds(30), "a tick has passed");
        using var bystander = NextPid.Take(ended.Pid);

        Assert.Equal(ProblemKind.NotFound, host.Host.Signal(ended, "KILL").Problems[0].Kind);
        Assert.Null(HeldProcess.Take(ended.Pid, ended.CreationTime));
        Assert.Empty(container.Members());
        container.Kill();
        using (var next = ProcessHost.Create(new(host.Home), Options))
            Assert.True(next.Sweep(HostHarness.Generous).IsOk);
        Assert.True(IsRunning(ended.Pid));
    }

    [Fact]
    public void Sensu1440_children_that_end_while_the_tree_is_killed_save_nobody()
    {
        using var host = NewHost();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "count");
        var family = host.Start(container, $"for i in 1 2 3 4; do (while :; do (exit 0) & (sleep 0.001) & echo x >>{file}; wait; done) & done; setsid sleep 1000 & sleep 1000");
        host.WaitUntil(() => Read(file).Length > 50, "children come and go");
        container.Kill();
        host.WaitUntilEmptied(container);
        Assert.Equal("SIGKILL", host.ExitOf(family).Signal);
        Assert.Empty(container.Members());
    }
}
