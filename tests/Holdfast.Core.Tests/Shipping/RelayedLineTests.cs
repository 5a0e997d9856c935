using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Core.Shipping;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>Whatever another program wrote is an event.</summary>
public sealed class RelayedLineTests
{
    private static readonly DateTimeOffset at = new(2026, 11, 27, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Text_is_the_message()
    {
        Assert.Equal(
            """{"@timestamp":"2026-11-27T15:00:00.0000000Z","event.sequence":7,"event.id":"k.1","event.kind":"event","event.dataset":"orders","ecs.version":"9.4.0","message":"payment \"7\" done"}""",
            Write("payment \"7\" done"));
    }

    [Fact]
    public void A_json_object_gives_its_members_and_says_itself_of_what_service_and_host_it_is()
    {
        var read = Read("""{"time":"2026-11-27T14:59:59Z","level":"warn","msg":"slow","service.name":"orders","host":{"name":"vm-7"},"labels":{"a":"b"},"event.id":"mine","kafka":1,"n":[1,2]}""");
        Assert.Equal(("2026-11-27T14:59:59.0000000Z", "2026-11-27T15:00:00.0000000Z"), ((string?)read["@timestamp"], (string?)read["event.created"]));
        Assert.Equal(("warn", "slow", "orders", "vm-7", "b"), ((string?)read["log.level"], (string?)read["message"], (string?)read["service.name"], (string?)read["host"]!["name"], (string?)read["labels"]!["a"]));
        Assert.Equal(("k.1", "mine", 1, "[1,2]"), ((string?)read["event.id"], (string?)read["line.event.id"], (int)read["line.kafka"]!, read["n"]!.ToJsonString()));
    }

    [Fact]
    public void A_json_object_of_several_lines_becomes_one()
    {
        var text = Write("  {\n  \"msg\": \"a\\nb\",\r\n  \"o\": {\n \"k\": 1 }\n}\n");
        Assert.DoesNotContain('\n', text);
        Assert.Equal(("a\nb", 1), ((string?)JsonNode.Parse(text)!["message"], (int)JsonNode.Parse(text)!["o"]!["k"]!));
    }

    [Theory]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1}{\"b\":2}")]
    [InlineData("{\"a\":\"line\nbreak\"}")]
    [InlineData("{}}")]
    [InlineData("{not json}")]
    [InlineData("")]
    [InlineData("[1,2]")]
    public void What_only_looks_like_an_object_is_text(string line) => Assert.Equal(line, (string?)Read(line)["message"]);

    [Fact]
    public void An_object_that_is_nested_deeper_than_anybody_reads_is_text()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);
        Assert.Equal(deep, (string?)Read(deep)["message"]);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_kept_beside_what_can_be_read_of_them()
    {
        byte[] bytes = [(byte)'{', 0xff, 0xfe, 0, (byte)'}'];
        var read = JsonNode.Parse(Write(bytes))!;
        Assert.Equal("{\ufffd\ufffd\0}", (string?)read["message"]);
        Assert.Equal(bytes, Convert.FromBase64String((string)read["line.base64"]!));
    }

    [Fact]
    public void An_event_of_ours_is_copied_as_it_is()
    {
        const string ours = """{"@timestamp":"2026-11-27T15:00:01.2340000Z","event.id":"node-1.payments-0.0123456789ab.7","ecs.version":"9.4.0","message":"a"}""";
        var to = new EventBuffer();
        Assert.Equal("node-1.payments-0.0123456789ab.7", EcsLine.TryCopy(to, Encoding.UTF8.GetBytes(ours)));
        Assert.Equal(ours + "\n", Encoding.UTF8.GetString(to.Written.Span));
        to.Clear();
        Assert.Equal("x", EcsLine.TryCopy(to, "{\n\"@timestamp\":\"2026-11-27T15:00:01Z\",\r\n\"event.id\":\"x\",\"ecs.version\":\"8\"}"u8));
        Assert.Equal("{ \"@timestamp\":\"2026-11-27T15:00:01Z\",  \"event.id\":\"x\",\"ecs.version\":\"8\"}\n", Encoding.UTF8.GetString(to.Written.Span));
    }

    [Theory]
    [InlineData("""{"@timestamp":"2026-11-27T15:00:01Z","event.id":"a"}""")]
    [InlineData("""{"@timestamp":"2026-11-27T15:00:01Z","ecs.version":"9"}""")]
    [InlineData("""{"@timestamp":"yesterday","event.id":"a","ecs.version":"9"}""")]
    [InlineData("""{"@timestamp":"2026-11-27T15:00:01Z","event.id":7,"ecs.version":"9"}""")]
    [InlineData("""{"@timestamp":"2026-11-27T15:00:01Z","event.id":"a b","ecs.version":"9"}""")]
    [InlineData("""{"@timestamp":"2026-11-27T15:00:01Z","event.id":"a","ecs.version":"9"} more""")]
    [InlineData("text")]
    public void What_is_none_of_ours_is_not_copied(string line)
    {
        var to = new EventBuffer();
        Assert.Equal("", EcsLine.TryCopy(to, Encoding.UTF8.GetBytes(line)));
        Assert.Equal(0, to.Length);
    }

    private static JsonNode Read(string line) => JsonNode.Parse(Write(line))!;

    private static string Write(string line) => Write(Encoding.UTF8.GetBytes(line));

    private static string Write(byte[] line)
    {
        var to = new EventBuffer();
        RelayedLine.Begin(to, "orders", at, 7, "k.1", line);
        RelayedLine.End(to);
        return Encoding.UTF8.GetString(to.Written.Span).TrimEnd('\n');
    }
}
