using Holdfast.Testing.Processes;

namespace Holdfast.Platform.Tests.Processes;

[Collection(OneAtATime.Name)]
public sealed class DetachedProcessTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(BirthWay.Native)]
    [InlineData(BirthWay.Shell)]
    public void It_leads_a_session_is_not_our_child_and_logs_to_its_file(BirthWay birth)
    {
        using var host = new HostHarness();
        var stop = folder["stop"];
        var started = DetachedProcess.Start(
            "/bin/sh",
            ["-c", $"mkfifo {stop}; echo $ONE; ls /proc/self/fd >&2; grep ^SigIgn /proc/$$/status; read line <{stop}"],
            new Dictionary<string, string> { ["ONE"] = "1", ["PATH"] = "/usr/bin:/bin" },
            folder["log"],
            birth).Value;
        host.WaitUntil(() => File.ReadAllText(folder["log"]).EndsWith("0000\n", StringComparison.Ordinal) && File.Exists(stop), "it runs");
        var facts = ProcessFacts.Read(started.Pid)!;
        Assert.Equal(started.CreationTime, facts.CreationTime);
        Assert.Equal(started.Pid, facts.Session);
        // A host without cgroups adopts every orphan of its process, this one as well.
        if (host.Host.Capabilities.Containment != ContainmentKind.Session)
            Assert.NotEqual(Environment.ProcessId, facts.ParentPid);
        Assert.Equal("1\n0\n1\n2\n3\nSigIgn:\t0000000000000000\n", File.ReadAllText(folder["log"]));

        File.WriteAllText(stop, "go\n");
        host.WaitUntil(() => !ProcessFacts.IsAlive(started.Pid, started.CreationTime), "it has ended");
    }

    [Fact]
    public void A_failed_start_is_told_in_words() => Assert.Equal(
        "process.command-not-found",
        DetachedProcess.Start("/no/such/program", [], new Dictionary<string, string>(), folder["log"]).Problems[0].Rule);
}
