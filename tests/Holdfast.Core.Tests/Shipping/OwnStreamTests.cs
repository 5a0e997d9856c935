using System.Text;
using System.Text.Json;
using Holdfast.Core.Auditing;
using Holdfast.Core.Shipping;
using Holdfast.Core.Tests.Auditing;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>What the node itself has to say, as events.</summary>
public sealed class OwnStreamTests
{
    private static readonly DateTimeOffset copied = Chains.Start.AddHours(1);

    [Fact]
    public void An_entry_of_the_audit_log_is_one_document_of_the_schema_and_can_be_verified()
    {
        var record = new AuditRecord
        {
            Actor = "alice (uid 1000)", Action = "deploy", Target = "payments", Outcome = AuditOutcome.Refused, Operation = "op-1",
            Details = new Dictionary<string, string> { ["reason"] = "a \"policy\"\nsays so", ["service"] = "payments", [CallDetails.From] = CallDetails.LocalSocket, [CallDetails.Pid] = "77", [CallDetails.Program] = "/usr/bin/holdfast" },
        };
        var entry = AuditChain.Next(new(41, new('a', 64)), record, "node-1", Chains.Start);
        var root = Write(EventStream.Audit, LineForm.OfNode(EventStream.Audit), 7, AuditLine.Format(entry).AsSpan()[..^1]);

        string Text(string name) => root.GetProperty(name).ToString();
        Assert.Equal(("2026-11-22T08:00:00.0000000Z", "2026-11-22T09:00:00.0000000Z"), (Text("@timestamp"), Text("event.created")));
        Assert.Equal(("deploy", "failure", "[\"configuration\"]", "[\"denied\"]"), (Text("event.action"), Text("event.outcome"), Text("event.category"), Text("event.type")));
        Assert.Equal(("alice (uid 1000)", "node-1", "payments", "holdfast.audit"), (Text("user.name"), Text("host.name"), Text("service.name"), Text("event.dataset")));
        Assert.Equal(("alice (uid 1000): deploy payments: refused", "a \"policy\"\nsays so"), (Text("message"), Text("event.reason")));
        Assert.Equal((77, "/usr/bin/holdfast"), (root.GetProperty("process.pid").GetInt32(), Text("process.executable")));
        Assert.Equal(("payments", "refused", "op-1"), (Text("holdfast.audit.target"), Text("holdfast.audit.outcome"), Text("holdfast.audit.operation")));
        Assert.Equal((42L, $"node-1.audit.{new string('0', 12)}.7"), (root.GetProperty("event.sequence").GetInt64(), Text("event.id")));
        Assert.Equal((entry.Hash, entry.PreviousHash), (Text("event.hash"), Text("holdfast.audit.previous_hash")));
        // The line alone proves itself.
        var again = AuditLine.Parse(Encoding.UTF8.GetBytes(Text("event.original") + "\n"), out _)!;
        Assert.Equal((entry.Hash, entry.Hash), (again.Hash, AuditChain.HashOf(again)));
        Assert.Equal(root.EnumerateObject().Count(), root.EnumerateObject().Select(one => one.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("entries 3 to 7 are not there")]
    [InlineData("{\"v\":1,\"seq\":1}")]
    public void What_is_no_entry_is_text(string line)
    {
        var buffer = new EventBuffer();
        Assert.False(LineForm.Audit.TryWrite(buffer, Template(EventStream.Audit), 1, Encoding.UTF8.GetBytes(line)));
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void What_the_agent_says_keeps_the_names_that_it_has()
    {
        var root = Write(EventStream.Agent, LineForm.OfNode(EventStream.Agent), 3,
            """{"@timestamp":"2026-11-22T08:30:00.5Z","log.level":"error","log.logger":"Holdfast.Node","event.code":"1103","message":"a bug","error.type":"System.Exception","error.message":"no","error.stack_trace":"at a"}"""u8);
        Assert.Equal(
            ("2026-11-22T08:30:00.5000000Z", "error", "Holdfast.Node", "1103", "a bug", "holdfast.agent", "node-1"),
            (root.GetProperty("@timestamp").GetString(), root.GetProperty("log.level").GetString(), root.GetProperty("log.logger").GetString(), root.GetProperty("event.code").GetString(),
                root.GetProperty("message").GetString(), root.GetProperty("event.dataset").GetString(), root.GetProperty("host.name").GetString()));
        Assert.Equal("System.Exception", root.GetProperty("error.type").GetString());
        Assert.DoesNotContain(root.EnumerateObject(), member => member.Name.StartsWith("line.", StringComparison.Ordinal));
        Assert.Equal(root.EnumerateObject().Count(), root.EnumerateObject().Select(one => one.Name).Distinct().Count());
    }

    private static JsonElement Write(string stream, LineForm form, long sequence, ReadOnlySpan<byte> line)
    {
        var buffer = new EventBuffer();
        Assert.True(form.TryWrite(buffer, Template(stream), sequence, line));
        Assert.Equal(1, buffer.Written.Span.Count((byte)'\n'));
        return JsonDocument.Parse(buffer.Written).RootElement;
    }

    private static EventTemplate Template(string name)
    {
        var stream = new EventStream("node-1", name, null);
        return new EventTemplate(new(stream, stream.IdsBegin(Guid.Empty))).Of(copied, []);
    }
}
