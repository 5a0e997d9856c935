using Holdfast.Platform;
using Holdfast.Platform.Tests;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Patients;

namespace Holdfast.Windows.Selftest.Processes;

public sealed class HeldProcessTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_is_taken_by_its_number_and_creation_time_and_killed()
    {
        var launch = Patient.Launch("sleep");
        using var started = HeldProcess.Start(launch.Executable, launch.Arguments, launch.Environment).Value;
        Assert.Null(HeldProcess.Take(started.Pid, started.CreationTime + 1));
        using var taken = HeldProcess.Take(started.Pid, started.CreationTime)!;
        Assert.Null(taken.TakeExit());
        taken.End();
        Assert.Equal("SIGKILL", started.TakeExit()!.Value.Signal);
        Assert.Null(HeldProcess.Take(started.Pid, started.CreationTime));
    }

    [Fact]
    public void A_process_of_ours_hears_that_it_is_to_end()
    {
        var launch = Patient.Launch("requests", folder["ready"]);
        using var held = HeldProcess.Start(launch.Executable, launch.Arguments, launch.Environment).Value;
        Assert.True(SpinWait.SpinUntil(() => File.Exists(folder["ready"]), HostHarness.Generous));
        held.Signal("TERM");
        Assert.True(SpinWait.SpinUntil(() => held.TakeExit() is not null, HostHarness.Generous));
        Assert.Equal(8, held.TakeExit()!.Value.Code);
    }

    [Fact]
    public void It_answers_a_question()
    {
        var launch = Patient.Launch("arguments", "answer");
        using var nothing = File.OpenHandle("NUL");
        using var answer = Pipe.Create();
        using var held = HeldProcess.Ask(launch.Executable, launch.Arguments, launch.Environment, nothing, answer.Write.Handle).Value;
        answer.Write.Dispose();
        Assert.Equal("answer|", HostHarness.ReadToEnd(answer.Read));
    }

    [Fact]
    public void A_detached_process_logs_to_its_file_behind_what_is_there()
    {
        File.WriteAllText(folder["log"], "before\n");
        var launch = Patient.Launch("words");
        var started = DetachedProcess.Start(launch.Executable, launch.Arguments, launch.Environment, folder["log"]).Value;
        Assert.True(SpinWait.SpinUntil(() => !ProcessFacts.IsAlive(started.Pid, started.CreationTime), HostHarness.Generous));
        Assert.Equal("before\nout\nerr\n", File.ReadAllText(folder["log"]));
    }

    [Fact]
    public void A_failed_start_is_told_in_words() => Assert.Equal(
        "process.command-not-found",
        DetachedProcess.Start(@"C:\no\such\program.exe", [], new Dictionary<string, string>(), folder["log"]).Problems[0].Rule);
}
