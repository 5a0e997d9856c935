using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Auditing;

namespace Holdfast.Core.Tests.Auditing;

public sealed class AuditLineTests
{
    [Fact]
    public void An_entry_is_written_exactly_like_this()
    {
        var entry = AuditChain.Next(
            AuditHead.Origin,
            new AuditRecord
            {
                Actor = "alice (uid 1000)",
                Action = "deploy",
                Target = "payments",
                Outcome = AuditOutcome.Intended,
                Operation = "8c1",
                Details = new Dictionary<string, string> { ["release"] = "2", ["reason"] = "\"zu\\frisch\"\t\u0001 支付" },
            },
            "node-1",
            new DateTimeOffset(2026, 11, 22, 9, 30, 0, TimeSpan.FromHours(1)).AddTicks(1));
        var body = """{"v":1,"seq":1,"at":"2026-11-22T08:30:00.0000001Z","node":"node-1","actor":"alice (uid 1000)","action":"deploy","target":"payments","outcome":"intended","operation":"8c1","details":{"reason":"\"zu\\frisch\"\t\u0001 支付","release":"2"}""";
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. new byte[32], .. Encoding.UTF8.GetBytes(body + "}")]));
        var line = Encoding.UTF8.GetString(AuditLine.Format(entry));
        Assert.Equal(body + $",\"prev\":\"{new string('0', 64)}\",\"hash\":\"{hash}\"}}\n", line);
    }

    [Fact]
    public void What_was_written_is_read_back_whatever_the_texts_are()
    {
        var texts = ArbMap.Default.ArbFor<string>().Generator.Select(s => s ?? "");
        var records = texts.ArrayOf().Where(a => a.Length >= 4).Select(a => new AuditRecord
        {
            Actor = a[0],
            Action = a[1],
            Target = a[2],
            Outcome = AuditOutcome.Done,
            Operation = a[3],
            Details = a.Skip(4).Distinct().ToDictionary(t => t, t => t + a[0]),
        });
        Prop.ForAll(records.ToArbitrary(), record =>
        {
            var entry = AuditChain.Next(AuditHead.Origin, record, "n", Chains.Start);
            var read = AuditLine.Parse(AuditLine.Format(entry), out var why);
            Assert.Null(why);
            Assert.Equal(entry with { Details = read!.Details }, read);
            Assert.Equal(entry.Details, read.Details);
            Assert.Equal(entry.Hash, AuditChain.HashOf(read));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("\"seq\"", " \"seq\"")]
    [InlineData("\"v\":1", "\"v\":2")]
    [InlineData("\"seq\":1,", "\"seq\":1.0,")]
    [InlineData("\"outcome\":\"intended\"", "\"outcome\":\"Intended\"")]
    [InlineData("\"node\":\"node-1\"", "\"node\":\"n\\u006fde-1\"")]
    [InlineData("\"details\":{", "\"details\":{\"digest\":\"x\",")]
    [InlineData("\n", "")]
    [InlineData("\n", "\n\n")]
    public void The_same_in_other_bytes_is_no_entry(string part, string other)
    {
        var line = Encoding.UTF8.GetString(AuditLine.Format(Chains.Entries(1)[0]));
        Assert.Contains(part, line);
        Assert.Null(AuditLine.Parse(Encoding.UTF8.GetBytes(line.Replace(part, other)), out var why));
        Assert.NotNull(why);
    }
}
