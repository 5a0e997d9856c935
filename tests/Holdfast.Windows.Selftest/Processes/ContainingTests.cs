using System.Diagnostics;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Jobs;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Patients;
using Holdfast.Windows.Selftest.Running;
using static Holdfast.Windows.Selftest.Processes.PatientHost;

namespace Holdfast.Windows.Selftest.Processes;

/// <summary>The conformance suite's cases of containing and ending, with patients that Windows runs.</summary>
public sealed class ContainingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-1073741819)]
    public void An_exit_code_is_told(int code)
    {
        using var host = new HostHarness();
        Assert.Equal(new ProcessExit(code, null, false), host.ExitOf(host.StartPatient(host.Open(), "exit", $"{code}")));
    }

    [Fact]
    public void The_exit_is_told_before_emptiness_and_each_once()
    {
        using var host = new HostHarness();
        var container = host.Open();
        var process = host.StartPatient(container, "exit", "0");
        host.WaitUntilEmptied(container);
        host.Host.Wait(TimeSpan.Zero, host.Events);
        Assert.Collection(
            host.Events,
            first => Assert.Equal(new HostEvent.Exited(process, new(0, null, false)), first),
            second => Assert.Equal(new HostEvent.Emptied(container), second));
    }

    [Fact]
    public void Law02_a_container_is_not_empty_while_a_grandchild_lives_and_dies_as_a_whole()
    {
        using var host = new HostHarness();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "family");
        host.ExitOf(host.StartPatient(container, "family", file));
        var family = host.WaitForFamily(file);
        Assert.False(container.IsEmpty);
        // What shows a console's windows may be in it as well.
        Assert.Subset(container.Members().ToHashSet(), family.ToHashSet());
        Assert.Empty(host.Events.OfType<HostEvent.Emptied>());

        container.Kill();
        host.WaitUntilEmptied(container);
        Assert.True(container.IsEmpty);
        Assert.Empty(container.Members());
        Assert.All(family, pid => Assert.False(IsRunning(pid)));
    }

    [Fact]
    public void What_is_suspended_stands_still_with_all_that_it_starts_and_goes_on()
    {
        using var host = new HostHarness();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "storm");
        host.StartPatient(container, "storm", file);
        host.WaitUntil(() => Read(file).Length > 3, "it has started a number of others");

        host.WaitUntil(() => container.Suspend().Value, "all of it stands still");
        var (before, members) = (Read(file), container.Members().Order().ToList());
        // What another one does meanwhile takes longer than a start.
        for (var i = 0; i < 3; i++) host.ExitOf(host.StartPatient(host.Open("bystander"), "exit", "0"));
        Assert.Equal(before, Read(file));
        Assert.Equal(members, container.Members().Order());

        Assert.True(container.LetRun().IsOk);
        host.WaitUntil(() => Read(file).Length > before.Length, "it goes on");
        host.WaitUntil(() => container.Suspend().Value, "all of it stands still again");
        container.Kill();
        host.WaitUntilEmptied(container);
    }

    [Fact]
    public void Law02_what_starts_others_while_it_is_being_killed_is_killed_with_them()
    {
        using var host = new HostHarness();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "count");
        var process = host.StartPatient(container, "storm", file);
        host.WaitUntil(() => Read(file).Length > 3, "it has started some");
        // Wine 8 passes over a process that is just being born, so it is killed again, as the supervisor does it; and where a parent is killed in the middle
        // of a birth, the child never begins and Wine counts it for ever. It has no thread and is no process to anybody.
        host.WaitUntil(() =>
        {
            container.Kill();
            return !container.Members().Any(HostHarness.IsProcess);
        }, "nobody is left");
        Assert.Equal("SIGKILL", host.ExitOf(process).Signal);
        var told = Read(file).Length;
        for (var i = 0; i < 3; i++) host.ExitOf(host.StartPatient(host.Open("bystander"), "exit", "0"));
        Assert.Equal(told, Read(file).Length);
        Assert.DoesNotContain(container.Members(), HostHarness.IsProcess);
    }

    [Fact]
    public void Law02_when_the_supervisor_is_terminated_its_job_dies_with_all_that_is_in_it()
    {
        using var host = new HostHarness();
        var file = Path.Combine(host.Folder, "family");
        // Not in a container of ours: it is to die by its own end alone.
        using var supervisor = StartedProcess.Start(new ProcessStartInfo(Environment.ProcessPath!, ["patient", "keep", Path.Combine(host.Folder, "home"), file]) { UseShellExecute = false });
        var family = host.WaitForFamily(file);
        Assert.All(family, pid => Assert.True(IsRunning(pid)));
        supervisor.Kill();
        supervisor.WaitForExit();
        host.WaitUntil(() => !family.Any(IsRunning), "the family is gone");
    }

    [Fact]
    public void Law02_what_somebody_who_looks_into_a_job_keeps_alive_is_swept_and_other_homes_are_not_touched()
    {
        using var neighbour = new HostHarness();
        using var host = new HostHarness();
        var file = Path.Combine(host.Folder, "family");
        using var supervisor = StartedProcess.Start(new ProcessStartInfo(Environment.ProcessPath!, ["patient", "keep", host.Home.Path, file]) { UseShellExecute = false });
        var family = host.WaitForFamily(file);
        var bystander = neighbour.StartPatient(neighbour.Open("patient"), "sleep");
        using (JobObject.Find(JobNames.Global + JobSweep.PrefixOf(new(host.Home)) + "patient"))
        {
            supervisor.Kill();
            supervisor.WaitForExit();
            Assert.All(family, pid => Assert.True(IsRunning(pid)));
            Assert.Equal(["patient"], host.Host.Sweep(HostHarness.Generous).Value);
            Assert.All(family, pid => Assert.False(IsRunning(pid)));
        }

        Assert.True(ProcessFacts.IsAlive(bystander.Pid, bystander.CreationTime));
        Assert.Empty(PlaceProcesses.Empty(new(host.Home), HostHarness.Generous).Value);
    }

    [Fact]
    public void Killing_one_container_leaves_the_others_alone()
    {
        using var host = new HostHarness();
        var (one, other) = (host.Open("one"), host.Open("other"));
        var victim = host.StartPatient(one, "sleep");
        var bystander = host.StartPatient(other, "sleep");
        one.Kill();
        host.WaitUntilEmptied(one);
        Assert.False(IsRunning(victim.Pid));
        Assert.True(ProcessFacts.IsAlive(bystander.Pid, bystander.CreationTime));
        Assert.Contains(bystander.Pid, other.Members());
    }

    [Fact]
    public void A_container_is_used_again_and_again()
    {
        using var host = new HostHarness();
        var container = host.Open();
        for (var round = 0; round < 5; round++)
        {
            host.Events.Clear();
            var process = host.StartPatient(container, "sleep");
            Assert.Contains(process.Pid, container.Members());
            container.Kill();
            host.WaitUntilEmptied(container);
            Assert.Equal("SIGKILL", host.ExitOf(process).Signal);
        }

        Assert.Same(container, host.Host.Open(container.Name, new()).Value);
    }

    [Fact]
    public void Removing_needs_emptiness_and_then_removes()
    {
        using var host = new HostHarness();
        var container = host.Open();
        host.StartPatient(container, "sleep");
        Assert.Equal("container.not-removed", container.Remove().Problems[0].Rule);
        container.Kill();
        host.WaitUntilEmptied(container);
        Assert.True(container.Remove().IsOk);
    }

    [Fact]
    public void A_container_name_cannot_lead_out_of_the_home()
    {
        using var host = new HostHarness();
        Assert.All(["..", "", @"a\b", "a/b", "-x"], name => Assert.Equal("container.bad-name", host.Host.Open(name, new()).Problems[0].Rule));
    }

    [Fact]
    public void What_a_container_uses_is_read_from_its_id_alone()
    {
        using var host = new HostHarness();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "done");
        host.StartPatient(container, "work", file);
        host.WaitUntil(() => Read(file) == "done", "the work is done");
        var usage = ContainerUsage.Read(container.Id)!;
        Assert.InRange(usage.Processes, 1, 2);
        Assert.InRange(usage.ResidentBytes, 100_000, 4_000_000_000);
        Assert.Null(ContainerUsage.Read(container.Id + "-of-nobody"));
    }

    [Fact]
    [Running.WineLacks("the CPU times of jobs")]
    public void The_CPU_time_of_a_container_is_counted()
    {
        using var host = new HostHarness();
        var container = host.Open();
        var file = Path.Combine(host.Folder, "done");
        host.StartPatient(container, "work", file);
        host.WaitUntil(() => Read(file) == "done", "the work is done");
        Assert.True(ContainerUsage.Read(container.Id)!.Cpu > TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void The_status_says_what_holds_it_and_what_not()
    {
        using var host = new HostHarness();
        var status = host.Open(limits: new() { MemoryBytes = 1L << 30, CpuMillicores = 500, Processes = 10, Affinity = "0" }).Status;
        Assert.Equal("job", status.Kind);
        string[] all = ["limits.memory", "limits.cpu", "limits.affinity", "limits.processes", "limits.files", "limits.coreDumps"];
        Assert.All(all, name => Assert.True(
            status.Enforced.Contains(name) ^ status.NotEnforced.Any(line => line.StartsWith(name + ": ", StringComparison.Ordinal)), name));
    }

    [Fact]
    public void Waking_and_watched_handles_end_a_wait()
    {
        using var host = new HostHarness();
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

    [Fact]
    public void Nothing_is_handed_over_to_a_next_image()
    {
        using var host = new HostHarness();
        Assert.Equal("upgrade.in-place", host.Host.TakeOver(new ContainerHandover("patient", true, false, []), new()).Problems[0].Rule);
        Assert.Equal(ProblemKind.Refused, NextImage.Become(Environment.ProcessPath!, [], new Dictionary<string, string>(), []).Kind);
    }
}
