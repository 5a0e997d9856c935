using Holdfast.Node.Relaying;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Node.Tests.Shipping;

/// <summary>What a relay is to do, as somebody writes it down.</summary>
public sealed class RelayFileTests
{
    private const string Head = "apiVersion: holdfast/v1\nkind: Relay\nname: events\n";

    [Theory]
    [InlineData("from: {kafka: {brokers: [\"kafka-1:9092\"], topics: [events], group: relay, cluster: bank, from: now}}\nto: {elasticsearch: {urls: [\"http://es:9200\"]}}", "kafka", "elasticsearch")]
    [InlineData("from: {stdin: {}}\nto: {stdout: {}}", "stdin", "stdout")]
    [InlineData("from: {segments: {folder: /var/lib/holdfast/output/payments-0, node: node-1}}\nto: {otlp: {endpoint: \"http://otel:4318\"}}", "segments", "otlp")]
    [InlineData("from: {segments: {folder: /var/lib/holdfast/journal/}}\nto: {file: {path: /tmp/a}}", "segments", "file")]
    public void Each_source_goes_to_each_sink(string text, string from, string to)
    {
        if (OperatingSystem.IsWindows()) return;
        var read = Law.Ok(RelayFile.Parse(Head + text, "relay.yaml", TimeProvider.System));
        Assert.Equal(("events", from, to), (read.Name, read.From, read.To));
    }

    [Fact]
    public void Law08_all_that_is_wrong_is_said_at_once()
    {
        var wrong = RelayFile.Parse(
            """
            apiVersion: holdfast/v1
            kind: Relays
            name: Events
            from: {kafka: {brokers: ["kafka-1"], topics: [], from: yesterday, mechanism: PLAIN, cluster: "a b"}}
            to: {file: {path: events.jsonl}, stdout: {}}
            too: {}
            """,
            "relay.yaml", TimeProvider.System).Problems;
        Assert.Equal(
            ["policy.kind", "policy.missing-key", "policy.missing-key", "policy.unknown-key", "relay.cluster", "relay.kind", "relay.name", "sinks.broker", "sinks.sign-in", "sinks.word"],
            wrong.Select(problem => problem.Rule).Order(StringComparer.Ordinal));
        Assert.All(wrong, problem => Assert.True(problem.Where?.Line > 0));
    }

    [Theory]
    [InlineData("", "policy.missing-key", "policy.missing-key")]
    [InlineData("from: {}\nto: {file: {path: events.jsonl}}", "relay.kind", "sinks.path")]
    [InlineData("from: {segments: {folder: output/a b}}\nto: {stdout: {}}", "sinks.path", "relay.folder")]
    public void What_is_missing_or_wrong_under_a_kind_is_said(string text, params string[] rules)
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(rules, RelayFile.Parse(Head + text, "relay.yaml", TimeProvider.System).Problems.Select(problem => problem.Rule));
    }
}
