using System.Globalization;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Patients;

namespace Holdfast.Windows.Selftest.Processes;

/// <summary>The conformance suite's cases of starting, with patients that Windows runs.</summary>
public sealed class StartingTests
{
    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        using var host = new HostHarness();
        string[] odd = ["", "a b", "it's", "\"quoted\"", "%PATH%", "new\nline", "中文", "-n", "*", "^&|<>", @"C:\folder\", @"\\server\a b\", "\\\"", "a\\\\\"b", "tab\tbed"];
        var (output, exit) = host.Run(host.Open(), Patient.Launch(["arguments", .. odd]));
        Assert.Equal(string.Concat(odd.Select(text => text + "|")), output);
        Assert.Equal(0, exit.Code);
    }

    [Fact]
    public void The_environment_is_exactly_what_was_given()
    {
        using var host = new HostHarness();
        var given = new Dictionary<string, string>(BaseEnvironment.For(@"C:\data")) { ["ONE"] = "1", ["zwei"] = "a b=c'd\"", ["UMLAUT"] = "ä中文" };
        var (output, _) = host.Run(host.Open(), Patient.Launch("variables") with { Environment = given });
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            // What a process has of Windows itself, whatever it was given.
            .Where(line => !line.StartsWith('=') && !line.StartsWith("WINE", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(given.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal), lines);
    }

    [Fact]
    public void It_works_in_the_folder_that_was_given_whatever_it_is_called()
    {
        using var host = new HostHarness();
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "数据 folder")).FullName;
        Assert.Equal(folder, host.Run(host.Open(), Patient.Launch("folder") with { WorkingFolder = folder }).Output.TrimEnd('\\'));
    }

    [Fact]
    public void A_handle_of_ours_that_others_would_inherit_is_not_in_the_child()
    {
        using var host = new HostHarness();
        using var file = File.OpenHandle(Path.Combine(host.Folder, "careless"), FileMode.Create, FileAccess.Write);
        Assert.True(Handles.MakeInheritable(file));
        Assert.Equal("closed", host.Run(host.Open(), Patient.Launch("handle", file.DangerousGetHandle().ToString(CultureInfo.InvariantCulture))).Output);
    }

    [Fact]
    public void Stdout_and_stderr_go_where_they_were_led_and_end_with_the_child()
    {
        using var host = new HostHarness();
        using var stdout = Pipe.Create();
        using var stderr = Pipe.Create();
        var process = host.Host.Start(host.Open(), Patient.Launch("words") with { Stdout = stdout.Write.Handle, Stderr = stderr.Write.Handle }).Value;
        stdout.Write.Dispose();
        stderr.Write.Dispose();
        Assert.Equal("out\n", HostHarness.ReadToEnd(stdout.Read));
        Assert.Equal("err\n", HostHarness.ReadToEnd(stderr.Read));
        Assert.Equal(0, host.ExitOf(process).Code);
    }

    [Fact]
    public void Without_handles_there_is_nothing_to_read_and_what_is_written_is_gone()
    {
        using var host = new HostHarness();
        Assert.Equal("0 0", host.Run(host.Open(), Patient.Launch("input")).Output);
        Assert.Equal(0, host.ExitOf(host.StartPatient(host.Open(), "words")).Code);
    }

    [Fact]
    public void A_megabyte_comes_through_a_small_pipe_whole()
    {
        using var host = new HostHarness();
        using var pipe = Pipe.Create(4096);
        var process = host.Host.Start(host.Open(), Patient.Launch("much", "1048576") with { Stdout = pipe.Write.Handle }).Value;
        pipe.Write.Dispose();
        Assert.Equal(1 << 20, HostHarness.ReadToEnd(pipe.Read).Length);
        Assert.Equal(0, host.ExitOf(process).Code);
    }

    [Fact]
    public void Law02_a_start_on_a_thread_that_is_not_the_hosts_is_a_bug_and_starts_nothing()
    {
        using var host = new HostHarness(new() { OneThread = true });
        var container = host.Open();
        Exception? thrown = null;
        var other = new Thread(() => thrown = Record.Exception(() => host.Host.Start(container, Patient.Launch("sleep"))));
        other.Start();
        other.Join();
        Assert.IsType<InvalidOperationException>(thrown);
        Assert.True(container.IsEmpty);
    }

    [Fact]
    public void What_stands_in_the_way_is_said_in_words()
    {
        using var host = new HostHarness();
        var noProgram = Path.Combine(host.Folder, "text.exe");
        File.WriteAllText(noProgram, "echo this is not a program\n");
        var script = Path.Combine(host.Folder, "script.cmd");
        File.WriteAllText(script, "@exit /b 0\r\n");
        Refused(host, "process.command-not-found", launch => launch with { Executable = @"C:\no\such\program.exe" });
        Refused(host, "process.not-executable", launch => launch with { Executable = @"C:\windows" });
        Refused(host, "process.not-a-program", launch => launch with { Executable = noProgram });
        Refused(host, "process.working-folder", launch => launch with { WorkingFolder = @"C:\no\such\folder" });
        Refused(host, "process.relative-path", launch => launch with { Executable = "program.exe" });
        Refused(host, "process.script", launch => launch with { Executable = script });
        Refused(host, "process.zero-character", launch => launch with { Arguments = ["a\0b"] });
        Refused(host, "process.bad-variable", launch => launch with { Environment = new Dictionary<string, string> { ["Path"] = "a", ["PATH"] = "b" } });
        Refused(host, "process.arguments-too-long", launch => launch with { Arguments = [new string('x', 40_000)] });
        Refused(host, "process.account", launch => launch with { Account = new("LocalService", 19, 0, []) { Sid = "S-1-5-19" } });
    }

    [Fact]
    public void A_CPU_that_is_not_here_is_refused_by_its_number()
    {
        using var host = new HostHarness();
        var problem = host.Host.Start(host.Open(limits: new() { Affinity = "0,63" }), Patient.Launch("exit", "0")).Problems[0];
        Assert.Equal("process.affinity", problem.Rule);
        Assert.Contains("CPU 63", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Thirty_quick_starts_are_each_told_once()
    {
        using var host = new HostHarness();
        var container = host.Open();
        var processes = Enumerable.Range(0, 30).Select(_ => host.StartPatient(container, "exit", "7")).ToList();
        Assert.All(processes, process => Assert.Equal(7, host.ExitOf(process).Code));
        host.WaitUntilEmptied(container);
        Assert.Equal(processes.Count, host.Events.OfType<HostEvent.Exited>().Count());
    }

    private static void Refused(HostHarness host, string rule, Func<Launch, Launch> change)
    {
        Problem problem = Assert.Single(host.Host.Start(host.Open(), change(Patient.Launch("exit", "0"))).Problems);
        Assert.True(problem.Rule == rule, $"{rule} was expected: {problem.Rule}: {problem.What}");
    }
}
