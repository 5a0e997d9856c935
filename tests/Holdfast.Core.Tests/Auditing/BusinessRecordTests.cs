using System.Text.Json;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Tests.Auditing;

/// <summary>What a service may have recorded of its own business, and what becomes of it.</summary>
public sealed class BusinessRecordTests
{
    private static readonly RecordAuthor Author = new("payments", "payments-0", 3, "sha256:ab", 7);

    private static readonly Dictionary<string, string> From = new() { [CallDetails.From] = CallDetails.LocalSocket, [CallDetails.Pid] = "4711", [CallDetails.Program] = "/bin/pay" };

    [Fact]
    public void Law07_the_author_is_the_service_and_what_the_house_says_stands_beside_what_the_service_says()
    {
        var read = BusinessRecord.Read("booking.cancelled", "booking 4711 of Ünal", "refused", "case:7", "the customer asked", new Dictionary<string, string> { ["amount"] = "12.50", ["address"] = "10.1.2.3" });
        var record = read.Value.By(Author, From, "n");

        Assert.Equal(("service payments (payments-0)", "business.booking.cancelled", "booking 4711 of Ünal", AuditOutcome.Refused, "payments/case:7"), (record.Actor, record.Action, record.Target, record.Outcome, record.Operation));
        Assert.Equal(
            ["address=10.1.2.3", "amount=12.50", "call.from=local socket", "call.pid=4711", "call.program=/bin/pay", "epoch=7", "instance=payments-0", "package=sha256:ab", "reason=the customer asked", "release=3", "service=payments"],
            record.Details.OrderBy(detail => detail.Key, StringComparer.Ordinal).Select(detail => $"{detail.Key}={detail.Value}"));
        Assert.Equal("n", BusinessRecord.Read("a", "b", "", "", "", new Dictionary<string, string>()).Value.By(Author with { Epoch = null }, From, "n").Operation);
    }

    [Fact]
    public void As_many_details_as_are_taken_are_all_in_the_entry()
    {
        var most = Enumerable.Range(0, BusinessRecordRules.MostDetails).ToDictionary(i => $"z{i}", i => "x");
        var record = BusinessRecord.Read("a", "b", "done", "", "why", most).Value.By(Author, From, "n");
        var entry = AuditChain.Next(AuditHead.Origin, record with { Details = new Dictionary<string, string>(record.Details) { [AuditDetails.Clock] = "synchronised" } }, "node-1", Chains.Start);
        Assert.DoesNotContain(AuditDetails.More, entry.Details.Keys);
        Assert.All(most.Keys, key => Assert.Contains(key, entry.Details.Keys));
    }

    [Theory]
    [InlineData("record.action", "", "t", "", "", "")]
    [InlineData("record.action", "Booking", "t", "", "", "")]
    [InlineData("record.action", ".a", "t", "", "", "")]
    [InlineData("record.action", "a b", "t", "", "", "")]
    [InlineData("record.target", "a", "", "", "", "")]
    [InlineData("record.target", "a", "two\nlines", "", "", "")]
    [InlineData("record.target", "a", "two\u2028lines", "", "", "")]
    [InlineData("record.target", "a", "\u001b[31mred", "", "", "")]
    [InlineData("record.outcome", "a", "t", "well", "", "")]
    [InlineData("record.outcome", "a", "t", "Done", "", "")]
    [InlineData("record.operation", "a", "t", "", "a/b", "")]
    [InlineData("record.why", "a", "t", "", "", "be\0cause")]
    public void Law08_what_is_no_record_is_refused_by_its_rule(string rule, string action, string target, string outcome, string operation, string why) =>
        Assert.Equal((rule, ProblemKind.BadInput), Assert.Single(BusinessRecord.Read(action, target, outcome, operation, why, new Dictionary<string, string>()).Problems.Select(problem => (problem.Rule, problem.Kind))));

    [Theory]
    [InlineData("Amount", "1")]
    [InlineData("", "1")]
    [InlineData("an amount", "1")]
    [InlineData("call.from", "elsewhere")]
    [InlineData("call.anything", "1")]
    [InlineData("clock", "right")]
    [InlineData("more", "1")]
    [InlineData("service", "ledger")]
    [InlineData("instance", "ledger-0")]
    [InlineData("release", "1")]
    [InlineData("package", "sha256:00")]
    [InlineData("epoch", "9")]
    [InlineData("reason", "because")]
    [InlineData("amount", "1\r\n2")]
    public void Law07_nobody_says_of_himself_what_the_house_says_and_a_value_is_one_line(string key, string value) =>
        Assert.Equal("record.detail", Assert.Single(BusinessRecord.Read("a", "t", "", "", "", new Dictionary<string, string> { [key] = value }).Problems).Rule);

    [Fact]
    public void Law08_all_that_is_wrong_is_said_at_once_and_what_is_too_large_as_well()
    {
        var details = Enumerable.Range(0, BusinessRecordRules.MostDetails + 1).ToDictionary(i => $"k{i}", _ => new string('x', 500));
        details["big"] = new string('ü', BusinessRecordRules.LongestValue);
        var problems = BusinessRecord.Read("A", new string('t', BusinessRecordRules.LongestTarget + 1), "x", new string('o', 65), new string('w', 1025), details).Problems;
        Assert.Equal(["record.action", "record.target", "record.outcome", "record.operation", "record.why", "record.detail", "record.size", "record.size"], problems.Select(problem => problem.Rule));
        Assert.All(problems, problem => Assert.NotNull(problem.Mend));
        Assert.All(problems, problem => Assert.InRange(problem.What.Length, 1, 120));
    }

    [Fact]
    public void In_ECS_it_is_an_event_without_a_category_and_an_address_among_its_details_is_nobodys_source()
    {
        var record = BusinessRecord.Read("booking.made", "b", "", "", "asked", new Dictionary<string, string> { ["address"] = "10.1.2.3" }).Value.By(Author, From, "n");
        using var document = JsonDocument.Parse(AuditEcs.Line(AuditChain.Next(AuditHead.Origin, record, "node-1", Chains.Start)));
        var root = document.RootElement;
        Assert.False(root.GetProperty("event").TryGetProperty("category", out _));
        Assert.False(root.TryGetProperty("source", out _));
        Assert.Equal(("event", "business.booking.made", "[\"info\"]", "asked"), (root.GetProperty("event").GetProperty("kind").GetString(), root.GetProperty("event").GetProperty("action").GetString(), root.GetProperty("event").GetProperty("type").ToString(), root.GetProperty("event").GetProperty("reason").GetString()));
        Assert.Equal(("payments", "service payments (payments-0)", 4711), (root.GetProperty("service").GetProperty("name").GetString(), root.GetProperty("user").GetProperty("name").GetString(), root.GetProperty("process").GetProperty("pid").GetInt32()));
    }
}
