using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Core.Shipping;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>Ours takes lines of JSON apart by itself, for speed: for every line it must come to what the framework's reader comes to, to the byte.</summary>
public sealed class JsonLineTests
{
    /// <summary>Of each kind of line.</summary>
    private const int Lines = 60_000;

    private static readonly DateTimeOffset at = new(2026, 11, 27, 15, 0, 1, 234, TimeSpan.Zero);

    [Theory]
    [InlineData(LineOwner.Service, 1)]
    [InlineData(LineOwner.Journal, 2)]
    public void What_is_an_object_and_what_becomes_of_it_is_as_the_framework_reads_it(LineOwner owner, int seed)
    {
        var stream = new EventStream("node-1", owner == LineOwner.Journal ? EventStream.Journal : "payments-0", owner == LineOwner.Journal ? null : "payments");
        var template = new EventTemplate(new(stream, "n.")).Of(at, "stdout"u8);
        var (common, taken) = (Common(template), 0);
        var (random, buffer) = (new RandomJson(seed), new EventBuffer(64));
        for (var round = 0; round < Lines; round++)
        {
            var line = Encoding.UTF8.GetBytes(random.Line());
            buffer.Clear();
            buffer.Add("before"u8);
            var isObject = JsonLine.TryWrite(buffer, template, 7, line);
            var expected = line is [(byte)'{', ..] && line.AsSpan().TrimEnd((byte)' ')[^1] == (byte)'}' ? JsonLineOracle.Read(owner, line) : null;
            var written = expected is { } read ? $"before{{{read.Members}\"@timestamp\":{Times(read.At)}{common}}}\n" : "before";
            var seen = Encoding.UTF8.GetString(buffer.Written.Span);
            if (isObject != expected is not null || seen != written) Assert.Fail($"seed {seed}, line {round}: {Encoding.UTF8.GetString(line)}\nexpected {written}\nwritten  {seen}");
            taken += isObject ? 1 : 0;
        }

        // Both kinds come in numbers, or nothing is shown.
        Assert.InRange(taken, Lines / 4, Lines * 9 / 10);
    }

    [Fact]
    public void What_another_program_wrote_is_taken_apart_as_the_framework_reads_it()
    {
        var (random, buffer, taken) = (new RandomJson(3), new EventBuffer(64), 0);
        for (var round = 0; round < Lines; round++)
        {
            var text = random.Line();
            buffer.Clear();
            RelayedLine.Begin(buffer, "orders", at, 7, "k.1", Encoding.UTF8.GetBytes(text));
            RelayedLine.End(buffer);
            var seen = Encoding.UTF8.GetString(buffer.Written.Span);
            var expected = Relayed(text.Trim(' ', '\t', '\r', '\n'));
            var ending = ",\"event.sequence\":7,\"event.id\":\"k.1\",\"event.kind\":\"event\",\"event.dataset\":\"orders\",\"ecs.version\":\"9.4.0\"";
            var written = expected is { } read ? $"{{{read.Members}\"@timestamp\":{Times(read.At)}{ending}}}\n" : null;
            if (written is null ? JsonNode.Parse(seen)!["message"]!.GetValue<string>() != text : seen != written) Assert.Fail($"line {round}: {text}\nexpected {written}\nwritten  {seen}");
            taken += written is null ? 0 : 1;
        }

        Assert.InRange(taken, Lines / 4, Lines * 9 / 10);
    }

    [Fact]
    public void What_is_an_event_already_is_as_the_framework_reads_it()
    {
        var (random, buffer, taken) = (new RandomJson(4), new EventBuffer(64), 0);
        for (var round = 0; round < Lines; round++)
        {
            var line = random.Line();
            // By chance alone the three members that it needs would hardly come together.
            if (round % 2 == 0 && line.Length > 2) line = $$"""{"@timestamp":"2026-11-27T15:00:01Z","event.id":"e.{{round}}","ecs.version":"9",{{line[1..]}}""";
            buffer.Clear();
            var id = EcsLine.TryCopy(buffer, Encoding.UTF8.GetBytes(line));
            if (id != JsonLineOracle.EventId(Encoding.UTF8.GetBytes(line))) Assert.Fail($"line {round}: {line}\nwritten {id}");
            taken += id.Length > 0 ? 1 : 0;
        }

        Assert.InRange(taken, Lines / 8, Lines * 9 / 10);
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public void An_object_may_be_nested_as_deep_as_32(int inner, bool isObject)
    {
        var buffer = new EventBuffer();
        var line = $$"""{"a":{{new string('[', inner)}}{{new string(']', inner)}}}""";
        Assert.Equal(isObject, JsonLine.TryWrite(buffer, Template(), 7, Encoding.UTF8.GetBytes(line)));
    }

    /// <summary>The grammar of JSON does not forbid it, and a service may write it: the sink must not stand still over it.</summary>
    [Fact]
    public void A_time_that_is_half_a_character_is_a_member_as_any()
    {
        var buffer = new EventBuffer();
        Assert.True(JsonLine.TryWrite(buffer, Template(), 7, """{"time":"2026-11-25T16:12:1\ud800","a":1}"""u8));
        Assert.StartsWith("""{"time":"2026-11-25T16:12:1\ud800","a":1,"@timestamp":"2026-11-27T15:00:01.2340000Z",""", Encoding.UTF8.GetString(buffer.Written.Span), StringComparison.Ordinal);
        buffer.Clear();
        Assert.Equal("", EcsLine.TryCopy(buffer, """{"@timestamp":"2026-11-25T16:12:1\ud800","event.id":"a","ecs.version":"9"}"""u8));
    }

    [Fact]
    public void A_line_of_json_costs_no_allocation()
    {
        var (buffer, template) = (new EventBuffer(4096), Template());
        var line = """{"time":"2026-11-25T16:12:16.123Z","level":"info","msg":"request served","request":"0f3a","took_ms":12,"n":{"a":[1,"b\n",null]}}"""u8.ToArray();
        JsonLine.TryWrite(buffer, template, 1, line);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            buffer.Clear();
            Assert.True(JsonLine.TryWrite(buffer, template, i, line));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static EventTemplate Template() => new EventTemplate(new(new("node-1", "payments-0", "payments"), "n.")).Of(at, "stdout"u8);

    /// <summary>What stands behind the time of an event of a line without members.</summary>
    private static string Common(EventTemplate template)
    {
        var buffer = new EventBuffer();
        Assert.True(JsonLine.TryWrite(buffer, template, 7, "{}"u8));
        const string begin = "{\"@timestamp\":\"2026-11-27T15:00:01.2340000Z\"";
        var written = Encoding.UTF8.GetString(buffer.Written.Span);
        Assert.StartsWith(begin, written, StringComparison.Ordinal);
        return written[begin.Length..^2];
    }

    private static (string Members, DateTimeOffset? At)? Relayed(string text)
    {
        if (text is not ['{', .., '}'] || JsonLineOracle.Read(LineOwner.Relayed, Encoding.UTF8.GetBytes(text)) is not { } read) return null;
        return read.Members.AsSpan().ContainsAny('\n', '\r') ? JsonLineOracle.Read(LineOwner.Relayed, Encoding.UTF8.GetBytes(text.Replace('\n', ' ').Replace('\r', ' '))) : read;
    }

    private static string Times(DateTimeOffset? said) => said is { } own && own != at ? $"\"{own.UtcDateTime:O}\",\"event.created\":\"{at.UtcDateTime:O}\"" : $"\"{at.UtcDateTime:O}\"";
}
