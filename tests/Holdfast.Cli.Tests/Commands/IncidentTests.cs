using System.Text.Json;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Core.Tests.Incidents;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>Decisions are fetched into a file, and replayed from it alone.</summary>
public sealed class IncidentTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_an_agent_kept_is_saved_and_replayed()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Nodes.Incident.AddRange(Bundle(Lived("node-1")));
        var saved = await Run.Against(agent, "incident", "save", "payments", "--since", "2h", "--out", "a.jsonl");
        Assert.Equal((ExitCode.Ok, ""), (saved.Code, saved.Error));
        Assert.Matches(@"^file +\S+/a\.jsonl\ndigest +[0-9a-f]{64}\nnode +node-1 of bank\ndecisions +\d+, from 2026-11-27 12:\S+ to \S+ \S+\nlost +2\ndropped +3 that were older\n$", saved.Out);
        Assert.Equal(("payments", FixedTime.Now.AddHours(-2)), (agent.Nodes.Asked!.Service, agent.Nodes.Asked.Since.ToDateTimeOffset()));
        Assert.Equal(agent.Nodes.Incident.SelectMany(part => part), await File.ReadAllBytesAsync(Path.Combine(agent.Home.Path, "a.jsonl")));

        var replayed = await Run.In(agent.Home.Path, "incident", "replay", "a.jsonl");
        Assert.Equal((ExitCode.Ok, ""), (replayed.Code, replayed.Error));
        Assert.StartsWith("AT", replayed.Out, StringComparison.Ordinal);
        Assert.Contains("following → taking: asks for epoch", replayed.Out, StringComparison.Ordinal);
        Assert.Contains("2 lost, 3 older ones dropped", replayed.Out, StringComparison.Ordinal);
        Assert.Matches(@"decides all \d+ the same\.\n$", replayed.Out);

        var again = await Run.Against(agent, "incident", "save", "--out", "a.jsonl");
        Assert.Equal(ExitCode.Conflict, again.Code);
        Assert.EndsWith("[incident.exists]\n", again.Error, StringComparison.Ordinal);
        Assert.Empty(agent.Bugs);
    }

    [Fact]
    public async Task What_is_decided_otherwise_is_shown_and_is_a_failure()
    {
        var lived = Lived("node-1");
        var at = lived.FindIndex(decided => decided.Decision is Decision.OfLeadership { Step.Effects: [LeadershipEffect.Act] });
        var made = (Decision.OfLeadership)lived[at].Decision;
        lived[at] = lived[at] with { Decision = made with { Step = made.Step with { Reason = "it was its turn" } } };
        Write("a.jsonl", Bundle(lived));

        var run = await Run.In(folder.Path, "incident", "replay", "a.jsonl");
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains($"differs (decision {lived[at].Number})", run.Out, StringComparison.Ordinal);
        Assert.Contains("step.reason: then \"it was its turn\", now \"this node leads in epoch ", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"decides 1 of \d+ otherwise\.\n$", run.Out);

        var json = await Run.In(folder.Path, "incident", "replay", "a.jsonl", "-o", "json");
        Assert.Equal((ExitCode.Failed, ""), (json.Code, json.Error));
        using var document = JsonDocument.Parse(json.Out);
        Assert.False(document.RootElement.GetProperty("same").GetBoolean());
        var other = document.RootElement.GetProperty("decisions").EnumerateArray().Single(decision => !decision.GetProperty("same").GetBoolean());
        Assert.Equal("step.reason", other.GetProperty("differences")[0].GetProperty("where").GetString());
    }

    [Fact]
    public async Task Several_nodes_become_one_course_of_events_and_filters_leave_a_part()
    {
        Write("1.jsonl", Bundle(Lived("node-1")));
        Write("2.jsonl", Bundle(Lived("node-2")));
        Write("2-again.jsonl", Bundle(Lived("node-2")));
        var all = await DecisionsAsync("1.jsonl", "2.jsonl", "2-again.jsonl");
        Assert.Equal(Lived("node-1").Count + Lived("node-2").Count, all.Count);
        Assert.Equal(all.Select(one => one.At).Order(StringComparer.Ordinal), all.Select(one => one.At));
        Assert.Equal(["node-1", "node-2"], all.Select(one => one.Node).Distinct().Order());

        Assert.All(await DecisionsAsync("1.jsonl", "2.jsonl", "--node", "node-2"), one => Assert.Equal("node-2", one.Node));
        Assert.All(await DecisionsAsync("1.jsonl", "--service", "orders"), one => Assert.Null(one.Service));
        var nothing = await Run.In(folder.Path, "incident", "replay", "1.jsonl", "--node", "node-9");
        Assert.Equal(ExitCode.NotFound, nothing.Code);
    }

    [Fact]
    public async Task Bad_files_are_told_all_at_once_each_with_its_line()
    {
        var whole = Bundle(Lived("node-1"));
        Write("cut.jsonl", whole[..5]);
        Write("torn.jsonl", [.. whole[..5], whole[5][..100]]);
        var changed = whole.ToList();
        changed[7] = [.. changed[7]];
        changed[7][^40] ^= 1;
        Write("changed.jsonl", changed);
        Write("later.jsonl", Bundle(Lived("node-1"), "holdfast/v9"));
        Write("empty.jsonl", []);
        Write("other.jsonl", ["{\"kind\": \"Service\"}\n"u8.ToArray()]);
        var run = await Run.In(folder.Path, "incident", "replay", "cut.jsonl", "torn.jsonl", "changed.jsonl", "later.jsonl", "empty.jsonl", "other.jsonl", "missing.jsonl");
        Assert.Equal((ExitCode.Damaged, ""), (run.Code, run.Out));
        Golden.Check("incident-bad.txt", run.Error);
        foreach (var (file, code) in new[] { ("torn", ExitCode.Damaged), ("changed", ExitCode.Damaged), ("later", ExitCode.BadInput), ("empty", ExitCode.BadInput), ("other", ExitCode.BadInput), ("missing", ExitCode.NotFound) })
            Assert.Equal(code, (await Run.In(folder.Path, "incident", "replay", $"{file}.jsonl")).Code);
    }

    [Fact]
    public async Task What_is_cut_off_on_its_way_is_not_saved_as_whole()
    {
        await using var agent = await FakeAgent.StartAsync();
        agent.Nodes.Incident.AddRange(Bundle(Lived("node-1"))[..4]);
        var run = await Run.Against(agent, "incident", "save", "--out", "a.jsonl");
        Assert.Equal(ExitCode.Damaged, run.Code);
        Assert.EndsWith("[incident.cut-off]\n", run.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(agent.Home.Path, "a.jsonl")));
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-2h")]
    public async Task A_time_that_is_none_is_said(string since)
    {
        var run = await Run.In(folder.Path, "incident", "save", "--out", "a.jsonl", $"--since={since}");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("neither how long ago nor a time", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_has_words() => Assert.All(Decisions.OfEveryKind(), decision =>
    {
        Assert.NotEmpty(DecisionText.Heard(decision));
        Assert.NotEmpty(DecisionText.Decided(decision));
        Assert.NotEmpty(DecisionText.Why(decision));
    });

    private async Task<List<(string At, string Node, string? Service)>> DecisionsAsync(params string[] arguments)
    {
        var run = await Run.In(folder.Path, ["incident", "replay", .. arguments, "-o", "json"]);
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Out);
        return
        [
            .. document.RootElement.GetProperty("decisions").EnumerateArray()
                .Select(one => (one.GetProperty("at").GetString()!, one.GetProperty("node").GetString()!, one.GetProperty("service").GetString())),
        ];
    }

    private void Write(string name, IEnumerable<byte[]> parts) => File.WriteAllBytes(Path.Combine(folder.Path, name), [.. parts.SelectMany(part => part)]);

    /// <summary>What one node of a simulated life with faults would have kept.</summary>
    private static List<IncidentLine.Decided> Lived(string node) => [.. Decisions.Lived(5).Where(decided => decided.Node == node)];

    private static List<byte[]> Bundle(List<IncidentLine.Decided> decisions, string apiVersion = IncidentLine.Head.V1) =>
        [.. Decisions.Bundle(decisions, apiVersion).Select(line => (byte[])[.. line, (byte)'\n'])];
}
