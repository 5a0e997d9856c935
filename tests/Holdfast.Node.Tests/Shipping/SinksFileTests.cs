using Holdfast.Core.Shipping;
using Holdfast.Node.Shipping;
using Holdfast.Node.Tests.Clusters;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Node.Tests.Shipping;

/// <summary>Where events go, as an administrator writes it down.</summary>
public sealed class SinksFileTests
{
    private const string Head = "apiVersion: holdfast/v1\nkind: Sinks\n";

    [Fact]
    public void Each_kind_is_read_and_a_sink_delivers_what_it_is_for()
    {
        if (OperatingSystem.IsWindows()) return;
        var sinks = Law.Ok(SinksFile.Parse(
            Head + """
            sinks:
              - name: local
                file: {path: /var/log/events.jsonl, rotate: 1MiB, keep: 3}
              - name: vector
                services: [payments, "card-*"]
                from: now
                lines: {host: vector, port: 9000}
              - name: elastic
                elasticsearch: {urls: ["https://es-1:9200", "https://es-2:9200"], target: logs-holdfast-prod, apiKeyFile: /etc/holdfast/key}
              - name: collector
                otlp: {endpoint: "https://otel:4317", headersFile: /etc/holdfast/otel.headers}
              - name: vendor
                otlp: {endpoint: "https://vendor/otlp", gzip: false}
              - name: pipe
                stdout: {}
            """,
            "sinks.yaml", TimeProvider.System));
        Assert.Equal([("local", "file", false), ("vector", "lines", true), ("elastic", "elasticsearch", false), ("collector", "otlp", false), ("vendor", "otlp", false), ("pipe", "stdout", false)], sinks.Select(sink => (sink.Name, sink.Kind, sink.FromNow)));
        Assert.Equal((true, true, false, false), (sinks[1].Delivers(Of("payments")), sinks[1].Delivers(Of("card-eu")), sinks[1].Delivers(Of("orders")), sinks[1].Delivers(OfNode(EventStream.Journal))));
        Assert.True(sinks[0].Delivers(Of("orders")));
        Assert.All(EventStream.OfNode, name => Assert.True(sinks[0].Delivers(OfNode(name))));
    }

    [Theory]
    [InlineData("", true, "journal audit agent")]
    [InlineData("services: ['*']", true, "journal audit agent")]
    [InlineData("services: [payments]", true, "")]
    [InlineData("services: [orders]", false, "")]
    [InlineData("streams: [audit]", false, "audit")]
    [InlineData("streams: []", true, "")]
    [InlineData("services: [payments], streams: [agent, journal]", true, "journal agent")]
    [InlineData("services: ['*'], streams: [journal]", true, "journal")]
    public void A_sink_delivers_those_of_the_nodes_own_streams_that_it_names(string words, bool payments, string own)
    {
        if (OperatingSystem.IsWindows()) return;
        var sink = Law.Ok(SinksFile.Parse(Head + $"sinks: [{{name: a, {words}{(words.Length > 0 ? ", " : "")}file: {{path: /a}}}}]", "sinks.yaml", TimeProvider.System))[0];
        Assert.Equal(payments, sink.Delivers(Of("payments")));
        Assert.Equal(own, string.Join(' ', EventStream.OfNode.Where(name => sink.Delivers(OfNode(name)))));
    }

    [Fact]
    public void Where_words_stand_makes_no_other_sink_and_what_they_say_does()
    {
        if (OperatingSystem.IsWindows()) return;
        var one = Law.Ok(SinksFile.Parse(Head + "sinks: [{name: local, file: {path: /a}}]", "sinks.yaml", TimeProvider.System))[0];
        var same = Law.Ok(SinksFile.Parse(Head + "sinks:\n  # the same\n  - name: local\n    file:\n      path: /a\n", "sinks.yaml", TimeProvider.System))[0];
        var other = Law.Ok(SinksFile.Parse(Head + "sinks: [{name: local, file: {path: /b}}]", "sinks.yaml", TimeProvider.System))[0];
        Assert.Equal(one.Text, same.Text);
        Assert.NotEqual(one.Text, other.Text);
    }

    [Fact]
    public void Law08_all_that_is_wrong_is_said_at_once()
    {
        if (OperatingSystem.IsWindows()) return;
        var wrong = SinksFile.Parse(
            """
            apiVersion: holdfast/v1
            kind: Sink
            sinks:
              - {name: "Local", file: {path: events.jsonl, rotate: 1B, keep: 0}}
              - {name: both, file: {path: /a}, lines: {host: h, port: 1}}
              - {name: none, from: yesterday}
              - {name: none2, lines: {host: h, port: 99999, tls: maybe, ca: /no/such/file}}
              - {name: elastic, elasticsearch: {urls: ["es:9200", "https://me:secret@es:9200"], user: me}}
              - {name: twice, file: {path: /a}}
              - {name: twice, file: {path: /a}, servces: []}
              - {name: otlp, otlp: {endpoint: "otel:4317", protocol: tcp}}
              - {name: otlp2, otlp: {endpoint: "http://otel:4317/v1/logs", gzip: 1}}
              - {name: otlp3, otlp: {endpoint: "https://me:secret@otel", header: a}}
              - {name: otlp4, otlp: {}}
              - {name: pipe, stdout: {lines: all}}
              - {name: own, streams: [audits, payments-0, journal], stdout: {}}
            """,
            "sinks.yaml", TimeProvider.System).Problems;
        Assert.Equal(
            [
                "policy.kind", "policy.missing-key", "policy.twice", "policy.unknown-key", "policy.unknown-key", "policy.unknown-key", "sinks.ca", "sinks.flag", "sinks.flag", "sinks.from", "sinks.kind", "sinks.kind", "sinks.name", "sinks.number", "sinks.number", "sinks.path",
                "sinks.sign-in", "sinks.size", "sinks.stream", "sinks.stream", "sinks.url", "sinks.url", "sinks.url", "sinks.url", "sinks.url", "sinks.word",
            ],
            wrong.Select(problem => problem.Rule).Order(StringComparer.Ordinal));
        Assert.All(wrong, problem => Assert.True(problem.Where?.Line > 0));
        Assert.DoesNotContain(wrong, problem => problem.What.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Authorities_that_are_none_are_a_problem_of_the_file_and_of_nothing_else()
    {
        if (OperatingSystem.IsWindows()) return;
        using var cluster = new ClusterHome();
        var file = Path.Combine(cluster.Home.Path, "ca.pem");
        foreach (var content in new[] { "no certificate", "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n" })
        {
            File.WriteAllText(file, content);
            var wrong = SinksFile.Parse(Head + $"sinks: [{{name: a, elasticsearch: {{urls: [\"https://es:9200\"], ca: {file}}}}}]", "sinks.yaml", TimeProvider.System).Problems;
            Assert.Equal("sinks.ca", Assert.Single(wrong).Rule);
        }
    }

    [Fact]
    public void A_file_that_others_can_write_is_not_believed()
    {
        if (OperatingSystem.IsWindows()) return;
        using var cluster = new ClusterHome();
        Assert.Equal("", Law.Ok(SinksFile.Text(cluster.Home)));
        var file = SinksFile.Of(cluster.Home);
        File.WriteAllText(file, Head);
        Assert.Equal(Head, Law.Ok(SinksFile.Text(cluster.Home)));
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);
        Assert.Equal("sinks.file-open", SinksFile.Text(cluster.Home).Problems.Single().Rule);
    }

    private static EventStream Of(string service) => new("node-1", service + "-0", service);

    private static EventStream OfNode(string name) => new("node-1", name, null);
}
