using System.Text.Json;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>Logs, events, history, audit, node.</summary>
public sealed class ReadingTests
{
    [Fact]
    public async Task Logs_are_what_the_service_wrote_and_notes_go_to_stderr()
    {
        await using var agent = await LoggingAsync();

        var run = await Run.Against(agent, "logs", "payments", "-n", "5", "--since", "10m");

        Assert.Equal(new Run(ExitCode.Ok, "{\"a\": 1}\nred \u001b[31m\n", "[holdfast] 3 lines were lost\n"), run);
        Assert.Equal((5, false, FixedTime.Now.AddMinutes(-10)), (agent.Output.Asked!.Tail, agent.Output.Asked.Follow, agent.Output.Asked.Since.ToDateTimeOffset()));
    }

    [Fact]
    public async Task On_a_terminal_control_characters_are_shown_and_not_obeyed()
    {
        await using var agent = await LoggingAsync();

        var run = await Run.Of(agent.Home.Path, ["logs", "payments", "--home", agent.Home.Path], true, CancellationToken.None);

        Assert.Equal("{\"a\": 1}\nred \\x1b[31m\n", run.Out);
    }

    [Fact]
    public async Task Law03_output_is_followed_across_agents_from_where_it_was()
    {
        var first = await FakeAgent.StartAsync();
        var place = new Rpc.V1.LogPlace { Set = Google.Protobuf.ByteString.CopyFrom(new byte[16]), Next = 8 };
        first.Output.Lines.Add(new Rpc.V1.LogLines { Lines = { new Rpc.V1.LogLine { Sequence = 7, Text = "seven" } }, End = place });
        var running = Run.Against(first, "logs", "payments", "-f");
        await first.Output.Following.WaitAsync(TimeSpan.FromSeconds(60));
        await first.StopAsync();

        await using var second = await FakeAgent.StartAsync(first.Home, output =>
        {
            output.Lines.Add(new Rpc.V1.LogLines { Lines = { new Rpc.V1.LogLine { Sequence = 8, Text = "eight" } } });
            output.Gone = true;
        });

        var run = await running.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((null, place), (first.Output.Asked!.After, second.Output.Asked!.After));
        Assert.Equal("seven\neight\n", run.Out);
        Assert.StartsWith("The agent has gone; waiting for the next one.\nThe agent is back.\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logs-details.txt", "logs", "payments", "-t")]
    [InlineData("logs.json", "logs", "payments", "-o", "json")]
    [InlineData("logs.yaml", "logs", "payments", "-o", "yaml")]
    [InlineData("events.txt", "events", "payments")]
    [InlineData("events.json", "events", "payments", "-o", "json")]
    [InlineData("history.txt", "history", "payments")]
    [InlineData("history.json", "history", "payments", "-o", "json")]
    [InlineData("audit.txt", "audit", "list")]
    [InlineData("audit.json", "audit", "list", "-o", "json")]
    [InlineData("audit-verify.txt", "audit", "verify")]
    [InlineData("node.txt", "node")]
    [InlineData("node.json", "node", "-o", "json")]
    public async Task What_is_shown_is_as_it_was(string golden, params string[] command)
    {
        await using var agent = await LoggingAsync();

        var run = await Run.Against(agent, command);

        Assert.Equal(ExitCode.Ok, run.Code);
        Golden.Check(golden, run.Out);
        if (golden.EndsWith(".json", StringComparison.Ordinal)) JsonDocument.Parse(run.Out).Dispose();
    }

    [Fact]
    public async Task An_audit_log_that_is_not_whole_names_every_finding_and_ends_with_8()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Node.Verified = new VerifyAuditResponse { Findings = { "entry 7 is not what was written", "entry 9 is missing" } };

        var run = await Run.Against(agent, "audit", "verify");

        Assert.Equal(ExitCode.Damaged, run.Code);
        Assert.Equal(2, run.Error.TrimEnd().Split('\n').Length);
        Assert.Contains("entry 9 is missing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_contradicts_its_witnesses_is_a_problem_though_its_entries_fit()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Node.Verified = new VerifyAuditResponse { Entries = 7, Head = "ff00", Forks = { "node-2 holds another history of this node's audit log: it was set back" } };

        var run = await Run.Against(agent, "audit", "verify");

        Assert.Equal(ExitCode.Damaged, run.Code);
        Assert.Contains("Node-2 holds another history", run.Error, StringComparison.Ordinal);
        Assert.Contains("[audit.forked]", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("[audit.broken]", run.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeAgent> LoggingAsync()
    {
        var agent = await FakeAgent.StartAsync();
        agent.Output.Lines.Add(new LogLines
        {
            Lines =
            {
                new LogLine { At = Samples.Ago(3), Instance = "payments-0", Sequence = 1, Stream = "stdout", Text = "{\"a\": 1}" },
                new LogLine { At = Samples.Ago(2), Instance = "payments-0", Sequence = 5, Stream = "holdfast", Text = "3 lines were lost" },
                new LogLine { At = Samples.Ago(1), Instance = "payments-0", Sequence = 6, Stream = "stderr", Text = "red \u001b[31m" },
            },
        });
        agent.Output.Happened.Add(new Event { Sequence = 1, At = Samples.Ago(9), Service = "payments", Instance = "payments-0", Release = 1, Kind = "started", Reason = "as wanted", Pid = 41233 });
        agent.Output.Happened.Add(new Event { Sequence = 2, At = Samples.Ago(8), Service = "payments", Instance = "payments-0", Release = 1, Kind = "exited", Reason = "it crashed", Exit = "killed by SIGKILL" });
        agent.Services.History = new GetHistoryResponse
        {
            Releases =
            {
                new Release { Service = "payments", Number = 2, Version = "1.1.0", PackageDigest = "sha256:" + new string('b', 64), CreatedAt = Samples.Ago(60), CreatedBy = "root", State = "failed", Reason = "not ready in 60s", Values = "limits:\n  memory: 1GiB\n" },
                new Release { Service = "payments", Number = 1, Version = "1.0.0", PackageDigest = "sha256:" + new string('a', 64), CreatedAt = Samples.Ago(3600), CreatedBy = "alice", State = "current", Signers = { "CN=Alice" } },
            },
        };
        agent.Node.Entries.Add(new AuditEntry
        {
            Sequence = 1, At = Samples.Ago(60), Actor = "alice", Action = "deploy", Target = "payments", Outcome = "intended", Operation = "op1", Hash = "ff00", Node = "here",
            Details = { ["release"] = "1", ["package"] = "sha256:" + new string('a', 64) },
        });
        agent.Node.Verified = new VerifyAuditResponse { Whole = true, Entries = 1, Head = "ff00" };
        agent.Node.Info = new NodeInfo
        {
            Name = "here", Version = "0.1.0", AgentPid = 100, AgentStartedAt = Samples.Ago(90), SupervisorPid = 101, SupervisorStartedAt = Samples.Ago(7300),
            SupervisorVersion = "0.1.0", AgentExecutable = "/opt/holdfast/holdfast", SupervisorExecutable = "/opt/holdfast/holdfast-supervisor", Home = "/var/lib/holdfast", Metrics = "http://127.0.0.1:7421/metrics", Instances = 3,
        };
        return agent;
    }
}
