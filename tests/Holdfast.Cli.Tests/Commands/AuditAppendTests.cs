using System.Text.Json;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Platform;
using Holdfast.Rpc;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>A service's record, from within the service: it is named by its environment, which no other test looks at.</summary>
public sealed class AuditAppendTests : IDisposable
{
    public void Dispose() => Environment.SetEnvironmentVariable(Home.RecordsVariable, null);

    [Fact]
    public async Task All_that_is_said_goes_to_the_door_in_the_environment()
    {
        await using var agent = await FakeAgent.StartAsync();
        Environment.SetEnvironmentVariable(Home.RecordsVariable, agent.Home.ApiSocket);

        var run = await Run.In(agent.Home.Path, "audit", "append", "booking.cancelled", "booking 7", "--outcome", "refused", "--operation", "case:7", "--why", "too late", "--detail", "amount=12.50", "--detail", "note=a=b");

        Assert.Equal(new Run(ExitCode.Ok, "Recorded as entry 42.\n", ""), run);
        var asked = agent.Records.Asked!;
        Assert.Equal(("booking.cancelled", "booking 7", "refused", "case:7", "too late"), (asked.Action, asked.Target, asked.Outcome, asked.Operation, asked.Why));
        Assert.Equal([("amount", "12.50"), ("note", "a=b")], asked.Details.OrderBy(detail => detail.Key, StringComparer.Ordinal).Select(detail => (detail.Key, detail.Value)));

        using var document = JsonDocument.Parse((await Run.In(agent.Home.Path, "audit", "append", "a", "b", "-o", "json")).Out);
        Assert.Equal((42, new string('a', 64)), (document.RootElement.GetProperty("sequence").GetInt64(), document.RootElement.GetProperty("hash").GetString()));
        Assert.Equal("", agent.Records.Asked!.Outcome);
    }

    [Fact]
    public async Task Without_the_variable_it_says_what_the_spec_is_to_say()
    {
        using var folder = new TempFolder();

        var run = await Run.In(folder.Path, "audit", "append", "a", "b");

        Assert.Equal((ExitCode.Refused, ""), (run.Code, run.Out));
        Assert.StartsWith("HOLDFAST_AUDIT is not set: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("audit: {append: true}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Law08_details_that_are_none_are_all_named_and_nothing_is_asked()
    {
        await using var agent = await FakeAgent.StartAsync();
        Environment.SetEnvironmentVariable(Home.RecordsVariable, agent.Home.ApiSocket);

        var run = await Run.In(agent.Home.Path, "audit", "append", "a", "b", "--detail", "amount", "--detail", "k=1", "--detail", "k=2");

        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal(2, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Null(agent.Records.Asked);
    }

    [Fact]
    public async Task What_the_agent_says_is_said_and_an_agent_that_is_away_recorded_nothing()
    {
        await using var agent = await FakeAgent.StartAsync();
        Environment.SetEnvironmentVariable(Home.RecordsVariable, agent.Home.ApiSocket);
        agent.Records.Failure = ProblemTranslation.ToException([new Problem(ProblemKind.Conflict, "record.too-many", "payments-0 has appended as many records as it may: 6 a minute.") { Mend = "try again in 3 s" }], StatusCode.ResourceExhausted);
        Assert.Equal(
            new Run(ExitCode.Conflict, "", "payments-0 has appended as many records as it may: 6 a minute; try again in 3 s [record.too-many]\n"),
            await Run.In(agent.Home.Path, "audit", "append", "a", "b"));

        Environment.SetEnvironmentVariable(Home.RecordsVariable, agent.Home.Path + "/nobody");
        var run = await Run.In(agent.Home.Path, "audit", "append", "a", "b");
        Assert.Equal(ExitCode.Unavailable, run.Code);
        Assert.Contains("nothing was recorded", run.Error, StringComparison.Ordinal);
    }
}
