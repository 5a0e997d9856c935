using Holdfast.Core.Services;
using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

public abstract partial class ProcessHostConformance
{
    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        using var host = NewHost();
        string[] odd = ["", "a b", "it's", "\"quoted\"", "$HOME", "new\nline", "中文", "-n", "*"];
        var (output, exit) = host.Run(host.Open(), "", launch => launch with
        {
            Executable = "/usr/bin/printf",
            Arguments = [.. odd.Prepend("%s|")],
        });
        Assert.Equal(string.Concat(odd.Select(text => text + "|")), output);
        Assert.Equal(0, exit.Code);
    }

    [Fact]
    public void The_environment_is_exactly_what_was_given()
    {
        using var host = NewHost();
        var (output, _) = host.Run(host.Open(), "", launch => launch with
        {
            Executable = "/usr/bin/env",
            Arguments = [],
            Environment = new Dictionary<string, string> { ["ONE"] = "1", ["TEXT"] = "a b=c'd\"", ["EMPTY"] = "" },
        });
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("HOLDFAST_CONTAINER=", StringComparison.Ordinal));
        Assert.Equal(["EMPTY=", "ONE=1", "TEXT=a b=c'd\""], lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Law01_the_environment_governs_the_program_and_not_what_starts_it()
    {
        using var host = NewHost();
        var bait = Path.Combine(host.Folder, "bait");
        Directory.CreateDirectory(bait);
        foreach (var name in (string[])["nice", "setpriv", "sh"])
        {
            File.WriteAllText(Path.Combine(bait, name), $"#!/bin/sh\ntouch {host.Folder}/taken\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(Path.Combine(bait, name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var (output, exit) = host.Run(host.Open(), "echo $PATH", launch => launch with
        {
            Environment = new Dictionary<string, string> { ["PATH"] = bait, ["ENV"] = Path.Combine(bait, "sh"), ["LD_LIBRARY_PATH"] = bait },
            Priority = PriorityClass.Low,
        });

        Assert.Equal((bait + "\n", 0), (output, exit.Code));
        Assert.False(File.Exists(Path.Combine(host.Folder, "taken")));
    }

    [Fact]
    public void It_works_in_the_folder_that_was_given_with_a_narrow_umask()
    {
        using var host = NewHost();
        var (output, _) = host.Run(host.Open(), "pwd; umask", launch => launch with { WorkingFolder = "/usr/bin" });
        Assert.Equal("/usr/bin\n0027\n", output);
    }

    [Fact]
    public void It_leads_a_session_of_its_own()
    {
        using var host = NewHost();
        var process = host.Start(host.Open(), "exec sleep 100");
        var facts = ProcessFacts.Read(process.Pid)!;
        Assert.Equal(process.Pid, facts.Session);
        Assert.Equal(process.CreationTime, facts.CreationTime);
        Assert.True(ProcessFacts.IsAlive(process.Pid, process.CreationTime));
    }

    [Fact]
    public void No_descriptor_of_ours_is_in_the_child()
    {
        // Descriptors that are inherited unless somebody takes care: sockets and files of ours made without close-on-exec.
        using var host = NewHost();
        using var inheritable = new Inheritable();
        using var pipe = Pipe.Create();
        var (output, _) = host.Run(host.Open(), "ls /proc/self/fd");
        // ls itself opens the folder it lists, as the lowest free number.
        Assert.Equal(["0", "1", "2", "3"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Signals_are_neither_ignored_nor_blocked()
    {
        using var host = NewHost();
        var (output, _) = host.Run(host.Open(), "", launch => launch with { Executable = "/bin/grep", Arguments = ["^Sig[BI]", "/proc/self/status"] });
        Assert.Contains("SigBlk:\t0000000000000000", output, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_handles_the_three_are_the_null_device()
    {
        using var host = NewHost();
        var process = host.Start(host.Open(), "exec sleep 100");
        string[] three = ["0", "1", "2"];
        Assert.All(three, number => Assert.Equal("/dev/null", new FileInfo($"/proc/{process.Pid}/fd/{number}").LinkTarget));
    }

    [Fact]
    public void Stdout_and_stderr_go_where_they_were_led_and_end_with_the_child()
    {
        using var host = NewHost();
        using var stdout = Pipe.Create();
        using var stderr = Pipe.Create();
        var process = host.Start(host.Open(), "echo out; echo err >&2", launch => launch with { Stdout = stdout.Write.Handle, Stderr = stderr.Write.Handle });
        stdout.Write.Dispose();
        stderr.Write.Dispose();
        Assert.Equal("out\n", HostHarness.ReadToEnd(stdout.Read));
        Assert.Equal("err\n", HostHarness.ReadToEnd(stderr.Read));
        Assert.Equal(0, host.ExitOf(process).Code);
    }

    [Fact]
    public void A_lower_priority_is_lower()
    {
        using var host = NewHost();
        var container = host.Open();
        var low = Number(host.Run(container, "nice", launch => launch with { Priority = PriorityClass.Low }).Output);
        var normal = Number(host.Run(container, "nice").Output);
        Assert.True(low > normal, $"low {low}, normal {normal}");
    }

    [Fact]
    public void Two_hundred_quick_starts_leave_no_zombie_and_no_descriptor()
    {
        using var host = NewHost();
        var container = host.Open();
        host.ExitOf(host.Start(container, "exit 0"));
        var before = ProcessFacts.OpenFiles(Environment.ProcessId);
        var processes = Enumerable.Range(0, 200).Select(_ => host.Start(container, "exit 7")).ToList();
        Assert.All(processes, process => Assert.Equal(7, host.ExitOf(process).Code));
        Assert.All(processes, process => Assert.Null(ProcessFacts.Read(process.Pid) is { } facts && facts.CreationTime == process.CreationTime ? facts : null));
        Assert.InRange(ProcessFacts.OpenFiles(Environment.ProcessId)!.Value, 0, before!.Value + 5);
        Assert.Equal(processes.Count + 1, host.Events.OfType<HostEvent.Exited>().Count());
    }
}
