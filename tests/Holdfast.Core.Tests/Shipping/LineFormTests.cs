using System.Text;
using System.Text.Json;
using Holdfast.Core.Shipping;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>Lines that are neither text nor JSON: pairs of key and value, and what a pattern takes apart.</summary>
public sealed class LineFormTests
{
    private static readonly EventStream stream = new("node-1", "payments-0", "payments");
    private static readonly DateTimeOffset at = new(2026, 11, 27, 15, 0, 1, 234, TimeSpan.Zero);

    [Fact]
    public void Pairs_become_members_of_the_event()
    {
        var root = Event(LineForm.Logfmt, """ts=2026-11-27T14:59:59.5Z level=warn msg="slow \"card\"\tpayment" took=12.50 order=007 id=4711 retry caller=pay.go:7 empty=""")!.Value;
        Assert.Equal("2026-11-27T14:59:59.5000000Z", root.GetProperty("@timestamp").GetString());
        Assert.Equal("2026-11-27T15:00:01.2340000Z", root.GetProperty("event.created").GetString());
        Assert.Equal(("warn", "slow \"card\"\tpayment"), (root.GetProperty("log.level").GetString(), root.GetProperty("message").GetString()));
        Assert.Equal(("12.50", "4711", "\"007\""), (root.GetProperty("took").GetRawText(), root.GetProperty("id").GetRawText(), root.GetProperty("order").GetRawText()));
        Assert.Equal(("true", "pay.go:7", ""), (root.GetProperty("retry").GetString(), root.GetProperty("caller").GetString(), root.GetProperty("empty").GetString()));
        Assert.Equal("payments", root.GetProperty("service.name").GetString());
    }

    [Fact]
    public void A_line_of_pairs_without_a_message_is_its_own_and_names_of_the_event_stand_aside()
    {
        var root = Event(LineForm.Logfmt, "at=info host.name=evil event.id=1 message=a message=b")!.Value;
        Assert.Equal(("a", "node-1"), (root.GetProperty("message").GetString(), root.GetProperty("host.name").GetString()));
        Assert.Equal(("evil", 1, "b"), (root.GetProperty("line.host.name").GetString(), root.GetProperty("line.event.id").GetInt32(), root.GetProperty("line.message").GetString()));
        Assert.Equal("method=GET status=200", Event(LineForm.Logfmt, "method=GET status=200")!.Value.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("no pairs at all")]
    [InlineData("a=\"never ended")]
    [InlineData("a=\"ended\"and on")]
    [InlineData("=nothing")]
    [InlineData("a\"b=c")]
    [InlineData("")]
    public void What_is_no_line_of_pairs_is_text(string line) => Assert.Null(Event(LineForm.Logfmt, line));

    [Fact]
    public void A_pattern_takes_a_line_apart_with_its_own_form_of_time()
    {
        var form = LineForm.Pattern("""^(?<source__ip>\S+) \S+ (?<user>\S+) \[(?<time>[^\]]+) \+0000\] "(?<message>[^"]*)" (?<status>\d{3}) (?<bytes>\d+|-)""", "dd/MMM/yyyy:HH:mm:ss");
        var root = Event(form, """10.0.0.7 - alice [27/Nov/2026:14:59:59 +0000] "GET /orders/7 HTTP/1.1" 200 512""")!.Value;
        Assert.Equal("2026-11-27T14:59:59.0000000Z", root.GetProperty("@timestamp").GetString());
        Assert.Equal(("10.0.0.7", "alice", "GET /orders/7 HTTP/1.1"), (root.GetProperty("source.ip").GetString(), root.GetProperty("user").GetString(), root.GetProperty("message").GetString()));
        Assert.Equal((200, 512), (root.GetProperty("status").GetInt32(), root.GetProperty("bytes").GetInt32()));
        Assert.Null(Event(form, "something else"));
    }

    [Theory]
    [InlineData("1795791601.234")]
    [InlineData("1795791601234")]
    [InlineData("1795791601234000")]
    [InlineData("1795791601234000000")]
    public void A_time_may_be_a_number_since_1970(string number)
    {
        Assert.Equal("2026-11-27T15:00:01.2340000Z", Event(LineForm.Logfmt, $"ts={number} a=b")!.Value.GetProperty("@timestamp").GetString());
        Assert.Equal("2026-11-27T15:00:01.2340000Z", Event(LineForm.Json, $$"""{"ts":{{number}},"msg":"x"}""")!.Value.GetProperty("@timestamp").GetString());
    }

    [Fact]
    public void A_number_that_is_no_time_of_our_days_stays_what_it_is()
    {
        var root = Event(LineForm.Json, """{"time":12,"msg":"x"}""")!.Value;
        Assert.Equal(12, root.GetProperty("time").GetInt32());
        Assert.Equal("2026-11-27T15:00:01.2340000Z", root.GetProperty("@timestamp").GetString());
    }

    [Fact]
    public void Text_is_text_whatever_it_looks_like() => Assert.Null(Event(LineForm.Text, """{"msg":"x"}"""));

    [Fact]
    public void Whatever_a_line_holds_the_event_is_one_line_of_json_or_none()
    {
        var chance = new Random(13);
        var good = """ts=2026-11-27T14:59:59.5Z level=warn msg="slow \"x\" é\n" n=12.5 z=-0.1 b=1e5 host=x retry""";
        for (var round = 0; round < 20_000; round++)
        {
            var line = good.ToCharArray(0, chance.Next(good.Length + 1));
            for (var i = chance.Next(3); i > 0 && line.Length > 0; i--) line[chance.Next(line.Length)] = "=\" \\\u0001é0.-{"[chance.Next(10)];
            if (Event(LineForm.Logfmt, new(line)) is { } root) Assert.Equal(7, root.GetProperty("event.sequence").GetInt64());
        }
    }

    private static JsonElement? Event(LineForm form, string line)
    {
        var buffer = new EventBuffer();
        var template = new EventTemplate(new(stream, stream.IdsBegin(Guid.Empty))).Of(at, "stdout"u8);
        if (!form.TryWrite(buffer, template, 7, Encoding.UTF8.GetBytes(line)))
        {
            Assert.Equal(0, buffer.Length);
            return null;
        }

        Assert.Equal(1, Encoding.UTF8.GetString(buffer.Written.Span).Count(c => c == '\n'));
        return JsonDocument.Parse(buffer.Written).RootElement.Clone();
    }
}
