using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Identity.Certificates;

namespace Holdfast.Identity.Tests.Certificates;

public sealed class PeerNameTests
{
    [Theory]
    [InlineData("holdfast://operator/alice", PeerRole.Operator, "alice")]
    [InlineData("holdfast://admin/a.b-c_9", PeerRole.Admin, "a.b-c_9")]
    [InlineData("holdfast://node/node-1.bank.example", PeerRole.Node, "node-1.bank.example")]
    public void A_name_is_read_from_its_uri_and_written_as_the_same(string uri, PeerRole role, string name)
    {
        Assert.Equal(new PeerName(role, name), PeerName.Parse(uri));
        Assert.Equal(uri, new PeerName(role, name).Uri);
    }

    [Theory]
    [InlineData("holdfast://root/alice")]
    [InlineData("holdfast://Operator/alice")]
    [InlineData("holdfast://operator/Alice")]
    [InlineData("holdfast://operator/alice/admin")]
    [InlineData("holdfast://operator/")]
    [InlineData("holdfast://operator/.alice")]
    [InlineData("holdfast://operator/al ice")]
    [InlineData("https://operator/alice")]
    [InlineData("")]
    public void What_is_no_such_uri_names_nobody(string uri) => Assert.Null(PeerName.Parse(uri));

    [Fact]
    public void All_that_is_wrong_with_a_name_is_said_at_once() =>
        Assert.Equal(["certs.role", "certs.name"], PeerName.Of("king", "Alice").Problems.Select(problem => problem.Rule));

    [Fact]
    public void A_certificate_with_two_names_or_none_names_nobody_and_a_subject_counts_for_nothing()
    {
        Assert.Null(PeerName.Of(Made()));
        Assert.Equal(new PeerName(PeerRole.Operator, "alice"), PeerName.Of(Made("holdfast://operator/alice", "https://elsewhere.example")));
        Assert.Null(PeerName.Of(Made("holdfast://operator/alice", "holdfast://admin/alice")));
        Assert.Null(PeerName.Of(Made("holdfast://operator/alice", "HOLDFAST://admin/alice")));
    }

    private static X509Certificate2 Made(params string[] uris)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=operator/alice", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var uri in uris) names.AddUri(new Uri(uri));
        names.AddDnsName("localhost");
        names.AddEmailAddress("alice@bank.example");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
