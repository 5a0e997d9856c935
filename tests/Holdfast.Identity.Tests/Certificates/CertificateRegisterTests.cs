using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Identity.Tests.Certificates;

public sealed class CertificateRegisterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly CertificateRegister Some = CertificateRegister.Empty
        .With(new("0A", new(PeerRole.Operator, "alice"), [], Now.AddDays(-60), Now.AddDays(-1)))
        .With(new("0B", new(PeerRole.Operator, "alice"), [], Now.AddDays(-10), Now.AddDays(80)))
        .With(new("0C", new(PeerRole.Node, "alice"), ["alice.example", "10.1.2.3"], Now, Now.AddDays(90)));

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var revoked = Some.Revoke(["0B"], "left the team", Now);
        var read = CertificateRegister.Parse(revoked.Text(), "register.json").Value;

        Assert.Equal(revoked.Text(), read.Text());
        Assert.Equal("left the team", read.Revoked("0b")!.Reason);
        Assert.Equal(["alice.example", "10.1.2.3"], read.Issued[2].Addresses);
    }

    [Fact]
    public void A_name_finds_all_that_hold_and_a_role_or_a_serial_fewer()
    {
        Assert.Equal(["0B", "0C"], Some.Find("alice", Now).Select(one => one.Serial));
        Assert.Equal(["0B"], Some.Find("operator/alice", Now).Select(one => one.Serial));
        Assert.Equal(["0C"], Some.Find("0c", Now).Select(one => one.Serial));
        Assert.Empty(Some.Find("0A", Now));
        Assert.Empty(Some.Revoke(["0B", "0C"], "", Now).Find("alice", Now));
    }

    [Fact]
    public void Revoking_again_changes_nothing() =>
        Assert.Equal(Now, Some.Revoke(["0B"], "first", Now).Revoke(["0B"], "second", Now.AddDays(1)).Revoked("0B")!.RevokedAt);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"apiVersion":"holdfast/v2","kind":"CertificateRegister","certificates":[]}""")]
    [InlineData("""{"apiVersion":"holdfast/v1","kind":"CertificateRegister","certificates":[null]}""")]
    [InlineData("""{"apiVersion":"holdfast/v1","kind":"CertificateRegister","certificates":[{"serial":"0A","role":"king","name":"x","from":"2026-01-01T00:00:00Z","until":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"apiVersion":"holdfast/v1","kind":"CertificateRegister","certificates":[{"serial":"0A","role":"node","name":"x","from":"soon","until":"2026-01-01T00:00:00Z"}]}""")]
    public void What_was_not_written_so_is_damaged_and_not_an_empty_register(string text) =>
        Assert.Equal(ProblemKind.Damaged, Assert.Single(CertificateRegister.Parse(text, "register.json").Problems).Kind);

    [Fact]
    public void A_state_says_what_there_is_to_do()
    {
        Assert.Equal(["expired", "good", "good"], Some.Issued.Select(one => one.StateAt(Now)));
        Assert.Equal("ends soon", Some.Issued[2].StateAt(Now.AddDays(61)));
        Assert.Equal("good", Some.Issued[2].StateAt(Now.AddDays(59)));
        Assert.Equal("revoked", Some.Revoke(["0A"], "", Now).Issued[0].StateAt(Now));
    }
}
