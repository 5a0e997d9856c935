using Holdfast.Core.Problems;
using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

public abstract partial class ProcessHostConformance
{
    [Fact]
    public void A_command_that_does_not_exist_is_named() =>
        Assert.Contains("/no/such/program", Refused("process.command-not-found", launch => launch with { Executable = "/no/such/program" }).What, StringComparison.Ordinal);

    [Fact]
    public void A_file_without_execute_right_is_not_executable()
    {
        using var file = new ProgramFile("#!/bin/sh\n", executable: false);
        Refused("process.not-executable", launch => launch with { Executable = file.Path, Arguments = [] });
    }

    [Fact]
    public void A_folder_is_not_executable() =>
        Refused("process.not-executable", launch => launch with { Executable = "/usr", Arguments = [] });

    [Fact]
    public void A_script_whose_interpreter_is_missing_says_which()
    {
        using var file = new ProgramFile("#!/no/such/interpreter\n", executable: true);
        var problem = Refused("process.interpreter-not-found", launch => launch with { Executable = file.Path, Arguments = [] });
        Assert.Contains("/no/such/interpreter", problem.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_program_is_not_run_by_a_shell_instead()
    {
        using var file = new ProgramFile("echo this is not a program\n", executable: true);
        Refused("process.not-a-program", launch => launch with { Executable = file.Path, Arguments = [] });
    }

    [Fact]
    public void A_missing_working_folder_is_named() =>
        Assert.Contains("/no/such/folder", Refused("process.working-folder", launch => launch with { WorkingFolder = "/no/such/folder" }).What, StringComparison.Ordinal);

    [Fact]
    public void An_account_that_we_may_not_become_is_refused_in_words()
    {
        if (Environment.IsPrivilegedProcess)
            return; // Root may become anybody: Another_account_gets_its_ids_and_groups_and_no_way_back tests that side.
        Refused("process.account", launch => launch with { Account = new Account("root", 0, 0, [0]) });
    }

    [Fact]
    public void A_failed_start_leaves_nothing_behind()
    {
        using var host = NewHost();
        var container = host.Open();
        var before = ProcessFacts.OpenFiles(Environment.ProcessId);
        for (var i = 0; i < 20; i++)
            Assert.False(host.Host.Start(container, HostHarness.Shell("", launch => launch with { Executable = "/no/such/program" })).IsOk);
        Assert.InRange(ProcessFacts.OpenFiles(Environment.ProcessId)!.Value, 0, before!.Value + 5);
        Assert.True(container.IsEmpty);
        host.Host.Wait(TimeSpan.Zero, host.Events);
        Assert.Empty(host.Events);
    }

    [Fact]
    public void A_container_name_cannot_lead_out_of_the_home()
    {
        using var host = NewHost();
        Assert.All(["..", "", "a/b", "cgroup.kill", "-x"], name => Assert.Equal("container.bad-name", host.Host.Open(name, NoLimits).Problems[0].Rule));
    }

    private Problem Refused(string rule, Func<Launch, Launch> change)
    {
        using var host = NewHost();
        var started = host.Host.Start(host.Open(), HostHarness.Shell("exit 0", change));
        var problem = Assert.Single(started.Problems);
        Assert.Equal(rule, problem.Rule);
        return problem;
    }
}
