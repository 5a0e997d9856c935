using System.Diagnostics;

namespace Holdfast.Core.Tests.House;

/// <summary>The scripts' few decisions: how results are counted, and how a process is told from another with the same id.</summary>
public sealed class ScriptTests
{
    [BashFact]
    public void Results_are_counted_and_what_failed_is_named()
    {
        const string trx = """
            <TestRun><Results>
            <UnitTestResult testName="A.Fails(text: &quot;x&quot;)" outcome="Failed"><Output>outcome="Passed"</Output></UnitTestResult>
            <UnitTestResult outcome="Passed" testName="A.Passes" />
            <UnitTestResult testName="A.Is_skipped" outcome="NotExecuted" />
            <UnitTestResult testName="A.Is_cut_off" outcome="Aborted" />
            </Results></TestRun>
            """;

        var (code, output) = Bash("awk -f eng/count.awk", trx);

        Assert.Equal(0, code);
        Assert.Equal(["1 2 1", "A.Fails(text: &quot;x&quot;)", "A.Is_cut_off"], output);
    }

    [BashFact]
    public void No_results_are_counted_as_none()
    {
        Assert.Equal(["0 0 0"], Bash("awk -f eng/count.awk", "").Output);
    }

    [BashFact]
    public void A_process_with_another_start_time_is_not_ended()
    {
        var (code, output) = Bash(
            """
            source eng/home.sh
            sleep 60 & pid=$!
            start=$(started $pid)
            end_process $pid 1 5 && [ "$(started $pid)" = "$start" ] && echo spared
            end_process $pid $start 5 && [ -z "$(started $pid)" ] && echo ended
            end_process $pid $start 5 && echo gone
            """,
            "");

        Assert.Equal(["spared", "ended", "gone"], output);
        Assert.Equal(0, code);
    }

    [BashFact]
    public void A_field_is_found_in_json_of_any_layout()
    {
        Assert.Equal(
            ["41", "payments"],
            Bash("source eng/home.sh; read -r -d '' json; field agentPid <<<\"$json\"; field name <<<\"$json\"", "{\n  \"agentPid\": 41,\n  \"name\":\"payments\"\n}").Output);
    }

    [BashFact]
    public void An_unknown_verb_is_answered_with_the_known_ones()
    {
        var (code, _) = Bash("./build.sh brew 2>/dev/null", "");
        var (_, usage) = Bash("./build.sh help", "");

        Assert.Equal(2, code);
        foreach (var verb in new[] { "quickstart", "quickstart --stop", "test", "test --fast", "soak", "bench", "bench NAME…", "bench --quick", "publish RID" })
            Assert.Contains(usage, line => line.StartsWith($"  {verb} ", StringComparison.Ordinal));
    }

    [BashFact]
    public void An_unknown_benchmark_is_answered_with_the_known_ones()
    {
        var (code, lines) = Bash("./build.sh bench --quick brew 2>&1", "");

        Assert.Equal(1, code);
        Assert.Equal("There is no benchmark 'brew'. There are: capture failover fleet probes rpc telemetry verify", Assert.Single(lines));
    }

    [BashFact]
    public void The_summary_says_what_was_reached_what_was_missed_and_what_was_not_measured()
    {
        const string script = """
            FACTS_FOLDER=$(mktemp -d) SUMMARY=$(mktemp)
            printf '%s\t%s\n' sizes '10 1000 3000' 1000.holdfast.kill 2000 1000.runit.kill 4000 1000.floor.kill 500 1000.holdfast.pss 40 >$FACTS_FOLDER/fleet.tsv
            source bench/lib/summary.sh
            cat $SUMMARY
            rm -r $FACTS_FOLDER $SUMMARY
            """;

        var (code, lines) = Bash(script, "");

        Assert.Equal(0, code);
        Assert.Contains(lines, line => line.StartsWith("| kill → new main(), median | 2.00 ms |", StringComparison.Ordinal) && line.EndsWith("| 0.50 (– of the program itself): reached |", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("| … of it our own part | 1.50 ms |", StringComparison.Ordinal) && line.EndsWith("**missed** by 25 % |", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("| memory of supervisor", StringComparison.Ordinal) && line.EndsWith("**missed** by 25 % |", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("| package verification", StringComparison.Ordinal) && line.EndsWith("not measured |", StringComparison.Ordinal));
    }

    [BashFact]
    public void Every_script_is_well_formed()
    {
        Findings.AssertNone(
            from file in Repository.Files
            where file.EndsWith(".sh", StringComparison.Ordinal) || file == ".ci/run"
            where Bash($"bash -n '{file}'", "").Code != 0
            select file,
            "A script that bash cannot read:");
    }

    private static (int Code, string[] Output) Bash(string script, string input)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var bash = Process.Start(start)!;
        bash.StandardInput.Write(input);
        bash.StandardInput.Close();
        var output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return (bash.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Where there is no bash there are no bash scripts to run.</summary>
    private sealed class BashFactAttribute : FactAttribute
    {
        public BashFactAttribute()
        {
            if (OperatingSystem.IsWindows())
                Skip = "build.sh is for Linux";
        }
    }
}
