using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Tests.Commands;

public sealed class TopTests
{
    private static readonly DateTimeOffset now = FixedTime.Now;

    [Fact]
    public void A_line_shows_the_last_looks_as_blocks_and_gaps_where_nothing_is_known()
    {
        Assert.Equal("  ▁▅█ ▂", Sparkline.Of([0, 0.5, 1, -1, 0.2], 0.1, 7));
        Assert.Equal("▁▂", Sparkline.Of([9, 0.01, 0.02], 0.1, 2));
        Assert.Equal("   ", Sparkline.Of([], 1, 3));
    }

    [Fact]
    public void The_largest_comes_first_and_what_it_used_before_stands_beside_it()
    {
        var view = new TopView();
        view.Look(Instances(("payments-0", 0.1, 10), ("ledger-0", 0.2, 900)), new(), now);
        view.Look(Instances(("payments-0", 0.8, 20), ("ledger-0", 0.1, 900)), new(), now.AddSeconds(1));

        var byCpu = Rows(view.Text(TopOrder.Cpu, 10));
        Assert.StartsWith("payments-0", byCpu[0]);
        Assert.Contains("80.0%", byCpu[0]);
        Assert.Contains("▂█", byCpu[0]);
        Assert.StartsWith("ledger-0", Rows(view.Text(TopOrder.Memory, 10))[0]);
        Assert.StartsWith("ledger-0", Rows(view.Text(TopOrder.Name, 10))[0]);
        Assert.Contains("… and 1 more", view.Text(TopOrder.Cpu, 1));
        Assert.Contains("2 instances: 2 running  CPU 90.0%", view.Text(TopOrder.Cpu, 1));
    }

    [Fact]
    public void What_is_gone_is_forgotten_and_begins_anew_when_it_is_back()
    {
        var view = new TopView();
        view.Look(Instances(("payments-0", 1, 10)), new(), now);
        view.Look(Instances(), new(), now.AddSeconds(1));
        Assert.Contains("no service is here yet", view.Text(TopOrder.Cpu, 10));
        view.Look(Instances(("payments-0", 0.05, 10)), new(), now.AddSeconds(2));
        Assert.DoesNotContain("█", Rows(view.Text(TopOrder.Cpu, 10))[0].Split("5.0%")[1].Split("MiB")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Sinks_have_a_line_each_with_how_fast_they_are_and_what_is_wrong()
    {
        var view = new TopView();
        view.Look(Instances(), Ledger(100, ""), now);
        view.Look(Instances(), Ledger(600, "es-1 answered 503"), now.AddSeconds(2));

        Assert.Contains("elastic: 250 lines/s, 7 queued, 2 dead, es-1 answered 503\n", view.Text(TopOrder.Cpu, 10));
    }

    [Fact]
    public async Task Without_a_terminal_it_is_shown_once()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Services.Instances = new ListInstancesResponse { Instances = { Samples.Running } };

        var run = await Run.Against(agent, "top", "--every", "1ms");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("payments-0", run.Out);
        Assert.DoesNotContain("\x1b", run.Out);
    }

    private static List<string> Rows(string text) => [.. text.Split('\n').SkipWhile(line => !line.StartsWith("INSTANCE", StringComparison.Ordinal)).Skip(1)];

    private static ListInstancesResponse Instances(params (string Name, double Cpu, long MiB)[] all) => new()
    {
        Instances = { all.Select(one => new Instance { Instance_ = one.Name, Node = "node-1", State = "running", Health = "healthy", Cpu = one.Cpu, MemoryBytes = one.MiB << 20 }) },
    };

    private static LedgerResponse Ledger(long delivered, string trouble) => new()
    {
        Sinks = { new SinkLedger { Name = "elastic", Trouble = trouble, Streams = { new StreamLedger { Stream = "payments-0", Delivered = delivered, Queued = 7, Dead = 2 } } } },
    };
}
