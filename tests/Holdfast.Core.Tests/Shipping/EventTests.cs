using System.Text;
using System.Text.Json;
using Holdfast.Core.Shipping;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>Lines as events: always one line of valid JSON, and nothing of what the service wrote is missing.</summary>
public sealed class EventTests
{
    private static readonly DateTimeOffset at = new(2026, 11, 27, 15, 0, 1, 234, TimeSpan.Zero);

    private static readonly EventStream stream = new("node-1", "payments-0", "payments");

    private static readonly EventFields fields = new(stream, stream.IdsBegin(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef")), "1.4.0");

    [Fact]
    public void A_line_is_an_event_with_its_time_its_place_and_its_id()
    {
        var written = Plain("payment 7 done");
        Assert.Equal(
            """
            {"@timestamp":"2026-11-27T15:00:01.2340000Z","labels.stream":"stdout","event.sequence":7,"event.id":"node-1.payments-0.0123456789ab.7","event.kind":"event","event.dataset":"payments","service.name":"payments","service.node.name":"payments-0","service.version":"1.4.0","host.name":"node-1","ecs.version":"9.4.0","message":"payment 7 done"}

            """.ReplaceLineEndings("\n"),
            written);
    }

    [Fact]
    public void Whatever_a_line_holds_comes_out_as_it_was()
    {
        var chance = new Random(11);
        for (var round = 0; round < 2_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, chance.Next(40)).Select(_ => (char)(chance.Next(4) == 0 ? chance.Next(1, 0xD7FF) : chance.Next(1, 128)))]).Replace("\n", "", StringComparison.Ordinal);
            var line = Plain(text);
            Assert.Equal(1, line.Count(c => c == '\n'));
            using var read = JsonDocument.Parse(line);
            Assert.Equal(text, read.RootElement.GetProperty("message").GetString());
        }
    }

    [Fact]
    public void Lines_that_belong_together_are_one_event()
    {
        var buffer = new EventBuffer();
        EventWriter.Begin(buffer, new EventTemplate(fields).Of(at, "stderr"u8), 7, "java.lang.IllegalStateException: no"u8);
        EventWriter.Continue(buffer, "\tat com.bank.Pay.run(Pay.java:7)"u8);
        EventWriter.Resume(buffer, " and the rest"u8);
        EventWriter.End(buffer);
        using var read = JsonDocument.Parse(buffer.Written);
        Assert.Equal("java.lang.IllegalStateException: no\n\tat com.bank.Pay.run(Pay.java:7) and the rest", read.RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public void A_line_of_json_gives_its_members_to_the_event()
    {
        using var read = Json("""{"time":"2026-11-27T14:59:59.5Z","level":"warn","msg":"slow","took":12.50,"at":{"host":"x"},"tags":["a",null]}""");
        var root = read!.RootElement;
        Assert.Equal("2026-11-27T14:59:59.5000000Z", root.GetProperty("@timestamp").GetString());
        Assert.Equal("2026-11-27T15:00:01.2340000Z", root.GetProperty("event.created").GetString());
        Assert.Equal(("warn", "slow", "12.50"), (root.GetProperty("log.level").GetString(), root.GetProperty("message").GetString(), root.GetProperty("took").GetRawText()));
        Assert.Equal("""{"host":"x"}""", root.GetProperty("at").GetRawText());
        Assert.Equal("node-1.payments-0.0123456789ab.7", root.GetProperty("event.id").GetString());
        Assert.False(root.TryGetProperty("level", out _));
    }

    [Fact]
    public void What_a_line_says_of_itself_under_the_events_own_names_stands_aside()
    {
        using var read = Json("""{"host":{"name":"evil"},"service.name":"other","event":1,"@timestamp":"yesterday","message":"a","log.level":3,"labels":{}}""");
        var root = read!.RootElement;
        Assert.Equal(("payments", "node-1", "a"), (root.GetProperty("service.name").GetString(), root.GetProperty("host.name").GetString(), root.GetProperty("message").GetString()));
        Assert.Equal("yesterday", root.GetProperty("line.@timestamp").GetString());
        foreach (var name in new[] { "line.host", "line.service.name", "line.event", "line.log.level", "line.labels" }) Assert.True(root.TryGetProperty(name, out _), name);
        Assert.Equal(root.EnumerateObject().Count(), root.EnumerateObject().Select(one => one.Name).Distinct().Count());
    }

    [Fact]
    public void What_happened_to_a_service_has_the_schemas_names()
    {
        var journal = new EventStream("node-1", EventStream.Journal, null);
        var buffer = new EventBuffer();
        Assert.True(JsonLine.TryWrite(buffer, new EventTemplate(new(journal, "node-1.journal.0.")).Of(at, []), 9, """{"sequence":9,"at":"2026-11-27T14:00:00+00:00","instance":"payments-0","service":"payments","kind":"exited","reason":"exit code 3","pid":77}"""u8));
        using var read = JsonDocument.Parse(buffer.Written);
        var root = read.RootElement;
        Assert.Equal(
            ("exited", "exit code 3", "payments", "payments-0", 77, "2026-11-27T14:00:00.0000000Z"),
            (root.GetProperty("event.action").GetString(), root.GetProperty("message").GetString(), root.GetProperty("service.name").GetString(), root.GetProperty("service.node.name").GetString(), root.GetProperty("process.pid").GetInt32(), root.GetProperty("@timestamp").GetString()));
        Assert.Equal(root.EnumerateObject().Count(), root.EnumerateObject().Select(one => one.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("{no}")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":}")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    [InlineData("{\"a\":1} and more}")]
    public void What_only_looks_like_json_is_text(string line)
    {
        var buffer = new EventBuffer();
        buffer.Add("before"u8);
        Assert.False(JsonLine.TryWrite(buffer, new EventTemplate(fields).Of(at, "stdout"u8), 7, Encoding.UTF8.GetBytes(line)));
        Assert.Equal("before", Encoding.UTF8.GetString(buffer.Written.Span));
    }

    [Fact]
    public void A_line_of_json_is_cut_and_changed_anywhere_and_always_gives_a_whole_event_or_none()
    {
        var chance = new Random(12);
        var good = Encoding.UTF8.GetBytes("""{"time":"2026-11-27T14:59:59.5Z","level":"warn","message":"slow \"x\" é","n":{"a":[1,2,{"b":null}]},"msg":"again"}""");
        for (var round = 0; round < 5_000; round++)
        {
            var line = good[..chance.Next(good.Length + 1)].ToArray();
            if (line.Length > 0 && chance.Next(2) == 0) line[chance.Next(line.Length)] = (byte)"{}[]\",:0a\\ "[chance.Next(11)];
            var buffer = new EventBuffer();
            if (!JsonLine.TryWrite(buffer, new EventTemplate(fields).Of(at, "stdout"u8), 7, line))
            {
                Assert.Equal(0, buffer.Length);
                continue;
            }

            using var read = JsonDocument.Parse(buffer.Written);
            Assert.Equal(7, read.RootElement.GetProperty("event.sequence").GetInt64());
        }
    }

    private static string Plain(string line)
    {
        var buffer = new EventBuffer();
        EventWriter.Begin(buffer, new EventTemplate(fields).Of(at, "stdout"u8), 7, Encoding.UTF8.GetBytes(line));
        EventWriter.End(buffer);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    private static JsonDocument? Json(string line)
    {
        var buffer = new EventBuffer();
        return JsonLine.TryWrite(buffer, new EventTemplate(fields).Of(at, "stdout"u8), 7, Encoding.UTF8.GetBytes(line)) ? JsonDocument.Parse(buffer.Written) : null;
    }
}
