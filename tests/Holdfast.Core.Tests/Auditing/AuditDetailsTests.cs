using Holdfast.Core.Auditing;

namespace Holdfast.Core.Tests.Auditing;

public sealed class AuditDetailsTests
{
    [Theory]
    [InlineData("db.password")]
    [InlineData("API_KEY")]
    [InlineData("accessToken")]
    [InlineData("clientSecret")]
    public void Law10_a_detail_that_names_a_secret_is_hidden(string key)
    {
        var record = Chains.Record(0) with { Details = new Dictionary<string, string> { [key] = "hunter2", ["release"] = "3" } };
        var entry = AuditChain.Next(AuditHead.Origin, record, "n", Chains.Start);
        Assert.Equal(AuditDetails.Hidden, entry.Details[key]);
        Assert.Equal("3", entry.Details["release"]);
        Assert.DoesNotContain("hunter2", System.Text.Encoding.UTF8.GetString(AuditLine.Format(entry)));
    }

    [Fact]
    public void Texts_without_end_are_cut_and_say_so()
    {
        var clean = AuditDetails.Clean(new string('x', 100_000));
        Assert.Equal(AuditDetails.LongestText, clean.Length);
        Assert.EndsWith("(100000 characters)", clean);
        Assert.Equal(clean, AuditDetails.Clean(clean));
    }

    [Fact]
    public void Details_without_end_are_cut_and_counted()
    {
        var clean = AuditDetails.Clean(Enumerable.Range(0, 100).ToDictionary(i => $"k{i:D3}", i => "v"));
        Assert.Equal(AuditDetails.Most + 1, clean.Count);
        Assert.Equal("68", clean["more"]);
    }

    [Fact]
    public void The_longest_entry_fits_into_a_line()
    {
        var worst = new string('\u0001', 100_000);
        var record = new AuditRecord
        {
            Actor = worst,
            Action = worst,
            Target = worst,
            Outcome = AuditOutcome.Done,
            Operation = worst,
            Details = Enumerable.Range(0, 100).ToDictionary(i => $"{i:D3}" + worst, i => worst),
        };
        var line = AuditLine.Format(AuditChain.Next(AuditHead.Origin, record, worst, Chains.Start));
        Assert.InRange(line.Length, 1, AuditLine.LongestBytes);
    }
}
