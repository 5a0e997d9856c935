using Google.Protobuf.WellKnownTypes;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>A service on a page, and what became of its lines.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task The_last_failure_is_shown_with_what_followed_and_what_was_written_before_it()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Instances.Instances.Add(new Instance { Service = "payments", Instance_ = "payments-0", Release = 4, Version = "1.4.0", State = "running", Health = "healthy", Pid = 77, PackageDigest = "sha256:0123456789abcdef" });
        Happened(agent, -300, "stopping", "a deploy");
        Happened(agent, -299, "exited", "exit code 0");
        Happened(agent, -120, "started", "release 4");
        Happened(agent, -60, "exited", "exit code 3");
        Happened(agent, -60, "restart-scheduled", "in 1 s, attempt 2 of 3");
        Happened(agent, -59, "started", "release 4");
        agent.Output.Lines.Add(new LogLines { Lines = { Line(1, -61, "panic: no"), Line(2, -60, "goroutine 1"), Line(3, -58, "of the next one") } });

        var run = await Run.Against(agent, "status", "payments");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("the last failure of payments-0, 1m0s ago\n", run.Out, StringComparison.Ordinal);
        var about = run.Out[run.Out.IndexOf("the last failure", StringComparison.Ordinal)..];
        Assert.Matches("exited +exit code 3\n.*restart-scheduled +in 1 s, attempt 2 of 3\n.*started +release 4\n  what it wrote before\n    panic: no\n    goroutine 1\n\nwhat happened last\n", about);
        Assert.DoesNotContain("of the next one", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_that_was_asked_for_is_no_failure()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Instances.Instances.Add(new Instance { Service = "payments", Instance_ = "payments-0", State = "stopped" });
        Happened(agent, -300, "stopping", "a stop");
        Happened(agent, -299, "exited", "exit code 0");
        Happened(agent, -299, "stopped", "as asked");
        Assert.DoesNotContain("failure", (await Run.Against(agent, "status", "payments")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_of_several_services_come_in_order_and_are_filtered()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Output.Of["orders"] = [Of("orders-0", 1, "{\"level\":\"info\",\"msg\":\"one\",\"user\":{\"name\":\"eve\"}}"), Of("orders-0", 4, "four")];
        agent.Output.Of["payments"] = [Of("payments-0", 2, "two"), Of("payments-0", 3, "three")];
        var all = await Run.Against(agent, "logs", "orders", "payments", "--fields", "msg,user.name,none");
        Assert.Equal(["orders-0 stdout   msg=one user.name=eve", "payments-0 stdout   two", "payments-0 stdout   three", "orders-0 stdout   four"], all.Out.TrimEnd('\n').Split('\n').Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        var some = await Run.Against(agent, "logs", "payments", "--grep", "^t.o$");
        Assert.Equal("two\n", some.Out);
        var wrong = await Run.Against(agent, "logs", "payments", "--grep", "(");
        Assert.Equal(ExitCode.BadInput, wrong.Code);
        Assert.Contains("'(' is no regular expression", wrong.Error, StringComparison.Ordinal);

        static LogLine Of(string instance, int seconds, string text) => new() { Instance = instance, Stream = "stdout", Sequence = seconds, At = Timestamp.FromDateTimeOffset(FixedTime.Now.AddSeconds(seconds)), Text = text };
    }

    [Fact]
    public async Task The_ledger_shows_what_became_of_every_line_and_why_nothing_is_delivered()
    {
        await using var agent = await FakeAgent.StartAsync();
        Assert.Equal((ExitCode.Ok, "no sinks: events stay in their segments; policy/sinks.yaml of the node's home says where they go\n"), await AskAsync(agent, "ledger"));
        agent.Output.Kept.Sinks.Add(new SinkLedger
        {
            Name = "elastic", Kind = "elasticsearch", Trouble = "es-1 answered 503: no room", TroubleSince = Timestamp.FromDateTimeOffset(FixedTime.Now),
            Streams = { new StreamLedger { Stream = "payments-0", Service = "payments", Produced = 110, Delivered = 100, Queued = 7, Dead = 2, Lost = 1 } },
        });
        var (code, said) = await AskAsync(agent, "ledger");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Matches("elastic +payments-0 +110 +100 +7 +2 +1\nelastic: since .*: es-1 answered 503: no room\n", said);
        var (_, document) = await AskAsync(agent, "ledger", "-o", "json");
        Assert.Contains("\"produced\": 110", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dead_letters_are_shown_with_their_reason()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Output.Letters.Add(new DeadLetter { Sequence = 1, At = Timestamp.FromDateTimeOffset(FixedTime.Now), Reason = "400 no such field", Event = "{\"message\":\"x\"}" });
        var (_, said) = await AskAsync(agent, "dead-letter", "list", "elastic");
        Assert.Matches("1 +.* 400 no such field +\\{\"message\":\"x\"\\}\n", said);
        Assert.Equal((ExitCode.Failed, "1 delivered, 1 refused again\n"), await AskAsync(agent, "dead-letter", "retry", "elastic"));
        var (_, document) = await AskAsync(agent, "dead-letter", "list", "elastic", "-o", "json");
        Assert.Contains("\"message\": \"x\"", document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dead-letter.txt")]
    [InlineData("dead-letter.json", "-o", "json")]
    public async Task One_dead_letter_is_shown_whole(string golden, params string[] more)
    {
        await using var agent = await FakeAgent.StartAsync();
        foreach (var number in new[] { 1, 2 })
        {
            agent.Output.Letters.Add(new DeadLetter
            {
                Sequence = number, At = Timestamp.FromDateTimeOffset(FixedTime.Now), Reason = "400 mapper_parsing_exception: failed to parse\nfield [amount]",
                Event = $$"""{"@timestamp":"2026-11-27T15:00:00.0000000Z","event.id":"node-1.payments-0.0123456789ab.{{number}}","amount":"zwölf","o":{"k":[1,2]},"message":"red \u001b[31m"}""",
            });
        }

        var (code, said) = await AskAsync(agent, ["dead-letter", "show", "elastic", "2", .. more]);
        Assert.Equal(ExitCode.Ok, code);
        Golden.Check(golden, said);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("0")]
    public async Task A_dead_letter_that_is_not_there_is_said_to_be_none(string number)
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Output.Letters.Add(new DeadLetter { Sequence = 1, Event = "{}" });
        var run = await Run.Against(agent, "dead-letter", "show", "elastic", number);
        Assert.Equal((ExitCode.For(ProblemKind.NotFound), ""), (run.Code, run.Out));
        Assert.Contains($"There is no dead letter {number} of elastic (", run.Error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> AskAsync(FakeAgent agent, params string[] arguments)
    {
        var run = await Run.Against(agent, arguments);
        return (run.Code, run.Out);
    }

    private static void Happened(FakeAgent agent, int seconds, string kind, string reason) => agent.Output.Happened.Add(new Event
    {
        Sequence = agent.Output.Happened.Count + 1, At = Timestamp.FromDateTimeOffset(FixedTime.Now.AddSeconds(seconds)), Service = "payments", Instance = "payments-0", Release = 4, Kind = kind, Reason = reason,
    });

    private static LogLine Line(long sequence, int seconds, string text) =>
        new() { Sequence = sequence, Instance = "payments-0", Stream = "stderr", At = Timestamp.FromDateTimeOffset(FixedTime.Now.AddSeconds(seconds)), Text = text };
}
