using Holdfast.Core.Services.Units;
using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

/// <summary>What a child does not get from us: it is born as if nobody had been there before it.</summary>
public abstract partial class ProcessHostConformance
{
    private static readonly Account nobody = new("nobody", 65534, 65534, [65534]);

    [Fact]
    public void No_descriptor_reaches_a_child_that_is_born_while_many_others_are()
    {
        using var host = NewHost();
        var container = host.Open();
        host.ExitOf(host.Start(container, "exit 0"));
        using var careless = new CarelessThreads(2);
        var gate = Path.Combine(host.Folder, "gate");
        var born = new List<(ChildProcess Process, Pipe Output)>();
        try
        {
            // Each lives until all are born, so that the pipes of all of them are open meanwhile.
            for (var i = 0; i < 40; i++)
            {
                var output = Pipe.Create();
                born.Add((host.Start(container, $"while [ ! -e {gate} ]; do sleep 0.02; done; ls /proc/$$/fd", launch => launch with { Stdout = output.Write.Handle }), output));
                output.Write.Dispose();
            }

            File.WriteAllText(gate, "");
            Assert.All(born, child => Assert.Equal("0\n1\n2\n", HostHarness.ReadToEnd(child.Output.Read)));
            Assert.All(born, child => Assert.Equal(0, host.ExitOf(child.Process).Code));
        }
        finally
        {
            born.ForEach(child => child.Output.Read.Dispose());
        }
    }

    [Fact]
    public void It_runs_on_the_CPUs_that_were_named()
    {
        using var host = NewHost();
        var last = CpuSetText.Numbers(HostCpus.Online())![^1];
        var only = CpuSetText.Format([last]);
        var (output, exit) = host.Run(host.Open(limits: new() { Affinity = only }), "sh -c 'grep ^Cpus_allowed_list: /proc/self/status'");
        Assert.Equal($"Cpus_allowed_list:\t{only}\n", output);
        Assert.Equal(0, exit.Code);
    }

    [Fact]
    public void A_CPU_that_is_not_here_is_refused_by_its_number_even_beside_one_that_is()
    {
        using var host = NewHost();
        var missing = CpuSetText.Numbers(HostCpus.Online())![^1] + 1;
        var set = CpuSetText.Format([0, missing]);
        var problem = Assert.Single(host.Host.Start(host.Open(limits: new() { Affinity = set }), HostHarness.Shell("exit 0")).Problems);
        Assert.Equal("process.affinity", problem.Rule);
        Assert.Contains($"CPU {missing}", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_priority_is_what_was_asked_for_whatever_ours_is()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // Who may not raise it again cannot lower it for a test.
        using var host = NewHost();
        using var slow = new OwnPriority(7);
        Assert.Equal(0, Number(host.Run(host.Open(), "nice").Output));
        Assert.Equal(15, Number(host.Run(host.Open(), "nice", launch => launch with { Priority = Core.Services.PriorityClass.Low }).Output));
    }

    [Fact]
    public void The_out_of_memory_killer_does_not_spare_it_because_it_spares_us()
    {
        using var own = new OwnOutOfMemoryScore(-200);
        if (!own.IsSet)
            return; // Only CAP_SYS_RESOURCE lowers it; without it we are not spared either.
        using var host = NewHost();
        Assert.Equal("0\n", host.Run(host.Open(), "cat /proc/self/oom_score_adj").Output);
    }

    [Fact]
    public void Law02_a_child_of_another_account_dies_with_us_too()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // Law02_a_child_dies_with_the_thread_that_started_it_as_it_does_with_the_whole_process tests our own.
        using var host = NewHost();
        var container = host.Open();
        ChildProcess? process = null;
        var parent = new Thread(() => process = host.Start(container, "exec sleep 100", launch => launch with { Account = nobody }));
        parent.Start();
        parent.Join();
        Assert.Equal("SIGKILL", host.ExitOf(process!).Signal);
    }

    [Fact]
    public void Law02_a_start_on_a_thread_that_may_end_first_is_a_bug_and_starts_nothing()
    {
        using var host = new HostHarness((Options ?? new()) with { OneThread = true });
        var container = host.Open();
        Exception? thrown = null;
        var other = new Thread(() => thrown = Record.Exception(() => host.Start(container, "exec sleep 100")));
        other.Start();
        other.Join();
        Assert.IsType<InvalidOperationException>(thrown);
        Assert.True(container.IsEmpty);
        Assert.Equal(0, host.ExitOf(host.Start(container, "exit 0")).Code);
    }

    [Fact]
    public void Law10_a_child_of_another_account_does_not_change_who_may_read_our_memory()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // Only root starts one.
        using var host = NewHost();
        var before = OwnMemory.IsReadable;
        host.ExitOf(host.Start(host.Open(), "exit 0", launch => launch with { Account = nobody }));
        Assert.Equal(before, OwnMemory.IsReadable);
    }
}
