using System.Text.Json;
using Holdfast.Core.Auditing;

namespace Holdfast.Core.Tests.Auditing;

/// <summary>What other systems are given.</summary>
public sealed class AuditFormatsTests
{
    private static readonly AuditEntry Entry = AuditChain.Next(
        AuditHead.Origin,
        new()
        {
            Actor = "=HYPERLINK(\"x\")", Action = "cluster.join", Target = "node-2", Outcome = AuditOutcome.Refused, Operation = "op-1",
            Details = new Dictionary<string, string> { ["reason"] = "a \"token\",\nused twice", ["address"] = "10.1.2.3", ["clock"] = "unsynchronised" },
        },
        "node-1",
        Chains.Start);

    [Fact]
    public void A_document_of_ECS_has_the_fields_that_the_schema_names()
    {
        var line = AuditEcs.Line(Entry);
        Assert.Equal((byte)'\n', line[^1]);
        Assert.Equal(1, line.Count(b => b == '\n'));
        using var document = JsonDocument.Parse(line);
        string At(params string[] path) => path.Aggregate(document.RootElement, (element, name) => element.GetProperty(name)).ToString();
        Assert.Equal("2026-11-22T08:00:00.0000000Z", At("@timestamp"));
        Assert.Equal(("event", "failure", "1", "cluster.join", "node-1/1"), (At("event", "kind"), At("event", "outcome"), At("event", "sequence"), At("event", "action"), At("event", "id")));
        Assert.Equal(("[\"iam\"]", "[\"denied\"]"), (At("event", "category"), At("event", "type")));
        Assert.Equal(("node-1", "10.1.2.3", "=HYPERLINK(\"x\")"), (At("host", "name"), At("source", "address"), At("user", "name")));
        Assert.Equal((Entry.Hash, "a \"token\",\nused twice"), (At("event", "hash"), At("event", "reason")));
        Assert.Equal(("node-2", "refused", "op-1"), (At("holdfast", "audit", "target"), At("holdfast", "audit", "outcome"), At("holdfast", "audit", "operation")));
    }

    [Fact]
    public void A_row_is_RFC_4180_and_nothing_in_it_is_a_formula() => Assert.Equal(
        $"1,2026-11-22T08:00:00.0000000Z,node-1,\"'=HYPERLINK(\"\"x\"\")\",cluster.join,node-2,refused,op-1,\"address=10.1.2.3; clock=unsynchronised; reason=a \"\"token\"\",\nused twice\",{AuditHead.Origin.Hash},{Entry.Hash}\r\n",
        AuditCsv.Line(Entry));

    [Theory]
    [InlineData("case-7", true)]
    [InlineData("2026.11_a", true)]
    [InlineData("", false)]
    [InlineData("case 7", false)]
    [InlineData("fall/7", false)]
    public void A_hold_has_a_name_like_a_case_number(string name, bool isOne)
    {
        Assert.Equal(isOne, AuditHold.IsName(name));
        Assert.False(AuditHold.IsName(new string('x', 65)));
    }
}
