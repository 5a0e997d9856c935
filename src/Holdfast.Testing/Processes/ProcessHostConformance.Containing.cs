using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

public abstract partial class ProcessHostConformance
{
    /// <summary>A daemon of the old school: two forks and a session of its own, its parent gone.</summary>
    private static string Daemonise(string pidFile) => $"(setsid sh -c 'sleep 100 & echo $! >{pidFile}; wait' &) ; exit 0";

    [Fact]
    public void Law02_a_grandchild_that_changed_its_session_is_killed_and_emptiness_proven()
    {
        using var host = NewHost();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "pid");
        host.ExitOf(host.Start(container, Daemonise(file)));
        host.WaitUntil(() => Read(file) != "", "the daemon runs");
        var daemon = Number(Read(file));
        Assert.True(IsRunning(daemon));
        Assert.Contains(daemon, container.Members());

        container.Kill();
        host.WaitUntilEmptied(container);
        Assert.True(container.IsEmpty);
        Assert.False(IsRunning(daemon));
    }

    [Fact]
    public void Law02_what_forks_while_it_is_being_killed_is_killed_too()
    {
        using var host = NewHost();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "count");
        var process = host.Start(container, $"while :; do setsid sleep 100 & echo x >>{file}; done");
        host.WaitUntil(() => Read(file).Length > 30, "it has forked a number of times");
        container.Kill();
        host.WaitUntilEmptied(container);
        Assert.Equal("SIGKILL", host.ExitOf(process).Signal);
        Assert.Empty(container.Members());
    }

    [Fact]
    public void Law02_a_child_dies_with_the_thread_that_started_it_as_it_does_with_the_whole_process()
    {
        using var host = NewHost();
        var container = host.Open();
        ChildProcess? process = null;
        // The kernel's parent is the thread: its end is the only death of a parent that a test survives.
        var parent = new Thread(() => process = host.Start(container, "exec sleep 100"));
        parent.Start();
        parent.Join();
        Assert.Equal("SIGKILL", host.ExitOf(process!).Signal);
    }

    [Fact]
    public void Killing_one_container_leaves_the_others_alone()
    {
        using var host = NewHost();
        var (one, other) = (host.Open("one"), host.Open("other"));
        var victim = host.Start(one, "exec sleep 100");
        var bystander = host.Start(other, "exec sleep 100");
        one.Kill();
        host.WaitUntilEmptied(one);
        Assert.False(IsRunning(victim.Pid));
        Assert.True(ProcessFacts.IsAlive(bystander.Pid, bystander.CreationTime));
        Assert.Equal([bystander.Pid], other.Members());
    }

    [Fact]
    public void A_container_is_used_again_and_again()
    {
        using var host = NewHost();
        var container = host.Open();
        for (var round = 0; round < 20; round++)
        {
            host.Events.Clear();
            var process = host.Start(container, "exec sleep 100");
            Assert.Equal([process.Pid], container.Members());
            container.Kill();
            host.WaitUntilEmptied(container);
            Assert.Equal("SIGKILL", host.ExitOf(process).Signal);
        }

        Assert.Same(container, host.Host.Open(container.Name, NoLimits).Value);
    }

    [Fact]
    public void Removing_needs_emptiness_and_then_removes()
    {
        using var host = NewHost();
        var container = host.Open();
        host.Start(container, "exec sleep 100");
        Assert.Equal("container.not-removed", container.Remove().Problems[0].Rule);
        container.Kill();
        host.WaitUntilEmptied(container);
        Assert.True(container.Remove().IsOk);
    }

    [Fact]
    public void Law02_what_an_earlier_supervisor_left_is_swept_away_and_other_homes_are_not_touched()
    {
        using var host = NewHost();
        using var neighbour = NewHost();
        var container = host.Open("leftover");
        var file = Path.Combine(host.Folder, "pid");
        host.ExitOf(host.Start(container, Daemonise(file)));
        host.WaitUntil(() => Read(file) != "", "the daemon runs");
        var bystander = neighbour.Start(neighbour.Open("leftover"), "exec sleep 100");

        // A second host of the same home is what the next supervisor has.
        using var next = ProcessHost.Create(new(host.Home), Options);
        var swept = next.Sweep(HostHarness.Generous).Value;
        Assert.Equal(["leftover"], swept);
        Assert.False(IsRunning(Number(Read(file))));
        Assert.True(ProcessFacts.IsAlive(bystander.Pid, bystander.CreationTime));
        Assert.Empty(next.Sweep(HostHarness.Generous).Value);
    }

    [Fact]
    public void What_a_container_uses_is_read_from_its_id_alone()
    {
        using var host = NewHost();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "done");
        host.Start(container, $"i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done >{file}; sleep 100 & sleep 100");
        host.WaitUntil(() => Read(file) == "done" && container.Members().Count == 3, "the work is done");
        var usage = ContainerUsage.Read(container.Id)!;
        Assert.Equal(3, usage.Processes);
        Assert.True(usage.Cpu > TimeSpan.FromMilliseconds(20), $"{usage.Cpu}");
        Assert.InRange(usage.ResidentBytes, 100_000, 100_000_000);
    }

    [Fact]
    public void The_status_says_what_holds_it()
    {
        using var host = NewHost();
        var status = host.Open().Status;
        Assert.Equal(host.Host.Capabilities.Containment.ToString(), status.Kind, ignoreCase: true);
        Assert.NotNull(status.Id);
        string[] all = ["limits.memory", "limits.cpu", "limits.affinity", "limits.processes", "limits.files", "limits.coreDumps"];
        Assert.All(all, name => Assert.True(
            status.Enforced.Contains(name) ^ status.NotEnforced.Any(line => line.StartsWith(name + ": ", StringComparison.Ordinal)), name));
    }
}
