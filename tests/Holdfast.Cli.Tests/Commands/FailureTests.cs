using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>What a person sees when something is wrong: lines and a code, never a stack trace.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("ps")]
    [InlineData("logs", "payments")]
    [InlineData("events")]
    [InlineData("history", "payments")]
    [InlineData("restart", "payments")]
    [InlineData("audit", "verify")]
    [InlineData("node", "-o", "json")]
    public async Task Without_an_agent_there_is_one_line_that_says_how_to_start_it(params string[] command)
    {
        using var folder = new TempFolder();

        var run = await Run.In(folder.Path, [.. command, "--home", folder.Path]);

        Assert.Equal((ExitCode.Unavailable, ""), (run.Code, run.Out));
        Assert.Equal(
            $"No agent answers for the home {folder.Path}; start it with `holdfast agent start`, or name another home with --home or HOLDFAST_HOME [agent.not-running]\n",
            run.Error);
    }

    [Fact]
    public async Task Law08_problems_of_the_agent_come_all_at_once_with_their_places()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Failure = () => ProblemTranslation.ToException(
        [
            new Problem(ProblemKind.BadInput, "values.not-open", "'limits.memory' is not open") { Where = new Place("prod.yaml", 4, 3), Mend = "ask for it" },
            new Problem(ProblemKind.BadInput, "values.not-open", "'command' is not open") { Where = new Place("prod.yaml", 7, 1) },
        ]);

        var run = await Run.Against(agent, "ps");

        Assert.Equal(
            new Run(
                ExitCode.BadInput, "",
                "prod.yaml:4:3: 'limits.memory' is not open; ask for it [values.not-open]\nprod.yaml:7:1: 'command' is not open [values.not-open]\n"),
            run);
    }

    [Fact]
    public async Task Every_kind_of_problem_ends_with_its_code()
    {
        await using var agent = await FakeAgent.StartAsync();
        foreach (var kind in Enum.GetValues<ProblemKind>())
        {
            agent.Services.Failure = () => ProblemTranslation.ToException([new Problem(kind, "test", "No")]);
            Assert.Equal(ExitCode.For(kind), (await Run.Against(agent, "ps")).Code);
        }
    }

    [Fact]
    public async Task A_bug_of_the_agent_is_one_line_and_code_1()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Failure = () => new InvalidOperationException("internal detail");

        var run = await Run.Against(agent, "ps");

        Assert.Equal(ExitCode.Bug, run.Code);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("internal detail", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_of_ours_is_one_line_and_a_file_that_only_its_owner_reads()
    {
        using var folder = new TempFolder();
        var cli = new CliContext(new Cli.Output.Terminal(new BrokenWriter(), TextWriter.Null, false), new FixedTime(FixedTime.Now), folder.Path) { GivenHome = folder.Path };

        var code = await CommandLine.RunAsync(["version", "--home", folder.Path], cli, CancellationToken.None);

        Assert.Equal(ExitCode.Bug, code);
        var report = Assert.Single(Directory.GetFiles(folder.Path, "bug-*.txt"));
        Assert.Contains("this writer is broken", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(report));
    }

    [Theory]
    [InlineData("'pss' is not a command; did you mean `holdfast ps`? [cli.unknown-command]\n", "pss")]
    [InlineData("Required argument missing for command: 'logs'; see `holdfast logs --help` [cli.arguments]\n", "logs")]
    [InlineData("'soon' is not a duration; write it like 30s, 10m, 2h or 1d; see `holdfast logs --help` [cli.arguments]\n", "logs", "x", "--since", "soon")]
    [InlineData("--cert and --key belong together; see `holdfast sign --help` [cli.arguments]\n", "sign", "x", "--key", "k")]
    public async Task Misspelt_commands_say_what_is_wrong_and_change_nothing(string error, params string[] command)
    {
        using var folder = new TempFolder();

        Assert.Equal(new Run(ExitCode.BadInput, "", error), await Run.In(folder.Path, command));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_said_in_one_line()
    {
        using var folder = new TempFolder();

        var run = await Run.In(folder.Path, "deploy", "missing.hfpkg", "--home", folder.Path);

        Assert.Equal(ExitCode.NotFound, run.Code);
        Assert.Contains("missing.hfpkg", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_ends_quietly_with_130()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Output.Lines.Add(new Rpc.V1.LogLines { Lines = { new Rpc.V1.LogLine { Text = "first" } } });
        using var interrupt = new CancellationTokenSource();
        var running = Run.Of(agent.Home.Path, ["logs", "payments", "-f", "--home", agent.Home.Path], false, interrupt.Token);
        while (agent.Output.Asked is null) await Task.Yield();

        await interrupt.CancelAsync();

        var run = await running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((ExitCode.Interrupted, ""), (run.Code, run.Error));
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(string? value) => throw new InvalidOperationException("this writer is broken");
    }
}
