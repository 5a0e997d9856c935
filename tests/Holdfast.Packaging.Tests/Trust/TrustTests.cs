using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Packaging.Trust;

namespace Holdfast.Packaging.Tests.Trust;

public sealed class TrustTests : IDisposable
{
    private readonly TempFolder folder;
    private readonly string package;
    private readonly TestAuthority authority = new();

    public TrustTests() => (folder, package) = SampleService.Packed();

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }

    [Fact]
    public void Law01_an_unsigned_package_is_refused() => Assert.Contains("not signed", Law.Refused(Verify(), "trust.unsigned").What, StringComparison.Ordinal);

    [Fact]
    public void Law01_a_certificate_that_expired_or_is_not_valid_yet_is_refused()
    {
        Sign(authority.Issue(until: TestAuthority.Now.AddDays(-1)));
        Assert.Contains("2026-05-31", Law.Refused(Verify(), "trust.expired").What, StringComparison.Ordinal);
        Sign(authority.Issue("CN=Two", from: TestAuthority.Now.AddDays(1)));
        Law.Refused(Verify(), "trust.not-yet-valid");
        Assert.True(PackageVerifier.Verify(package, authority.Policy(), TestAuthority.Now.AddDays(2), CancellationToken.None).IsOk);
    }

    [Fact]
    public void Law01_a_signer_under_another_root_is_refused_even_one_with_the_same_name()
    {
        using TestAuthority stranger = new();
        Sign(stranger.Issue());
        Law.Refused(Verify(), "trust.unknown-root");
    }

    [Fact]
    public void Law01_a_root_of_the_host_is_not_trusted_because_the_host_trusts_it()
    {
        // Self-signed, so a chain of its own: nothing but the policy's roots may end it.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Self", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], false));
        using var self = request.CreateSelfSigned(TestAuthority.Now.AddDays(-1), TestAuthority.Now.AddDays(1));
        Sign(new(folder.Write("self.pem", self.ExportCertificatePem()), folder.Write("self.key", key.ExportPkcs8PrivateKeyPem())));
        Law.Refused(Verify(), "trust.unknown-root");
    }

    [Fact]
    public void Law01_a_certificate_that_is_not_for_code_is_refused()
    {
        Sign(authority.Issue(codeSigning: false));
        Law.Refused(Verify(), "trust.no-code-signing");
    }

    [Fact]
    public void Law01_a_weak_key_is_refused()
    {
        Sign(authority.Issue(rsa: true, rsaBits: 1024));
        Assert.Contains("1024 bits", Law.Refused(Verify(), "trust.bad-signature").What, StringComparison.Ordinal);
    }

    [Fact]
    public void Law01_a_signature_of_another_manifest_is_refused()
    {
        Sign(authority.Issue());
        var cms = RawZip.Read(package);
        using TempFolder other = SampleService.Folder();
        other.Write("bin/orders", "#!/bin/sh\nexec evil\n");
        var hostile = other["evil.hfpkg"];
        SampleService.Pack(other.Path, hostile);
        using var helper = authority.Issue("CN=Helper").Identity;
        PackageSigner.Sign(hostile, helper, TestAuthority.Now);
        // The good package's signature blob takes the place of the helper's, with every digest made to fit.
        var good = Signature(package);
        var zip = RawZip.Read(hostile);
        var bad = Convert.ToHexStringLower(SHA256.HashData(Signature(hostile)));
        File.WriteAllBytes(hostile, Replace(zip, bad, good).Write());
        Assert.Contains("changed", Law.Refused(PackageVerifier.Verify(hostile, authority.Policy(), TestAuthority.Now, CancellationToken.None), "trust.bad-signature").What, StringComparison.Ordinal);
        Assert.NotEmpty(cms.Entries);
    }

    [Fact]
    public void Law01_two_signers_are_two_people_not_two_certificates()
    {
        const string Two = "signers: [{service: '*', required: 2}]";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Sign(authority.Issue("CN=Ann", key: key));
        Assert.Contains("1 of 2", Law.Refused(Verify(Two), "trust.too-few-signers").What, StringComparison.Ordinal);
        Sign(authority.Issue("CN=Ann Again", key: key));
        Assert.Contains("1 of 2", Law.Refused(Verify(Two), "trust.too-few-signers").What, StringComparison.Ordinal);
        Sign(authority.Issue("CN=Ann"));
        Assert.Contains("1 of 2", Law.Refused(Verify(Two), "trust.too-few-signers").What, StringComparison.Ordinal);
        Sign(authority.Issue("CN=Bob"));
        Assert.Equal(4, Verify(Two).Value.Signers.Count);
    }

    [Fact]
    public void Law01_only_allowed_identities_count()
    {
        Sign(authority.Issue("CN=Release One, O=Bank", email: "release@bank.example"));
        Law.Refused(Verify("signers: [{service: '*', identities: [{subject: 'CN=Release Two*'}]}]"), "trust.identity");
        Law.Refused(Verify("signers: [{service: '*', identities: [{san: '*@evil.example'}, {thumbprint: '" + new string('a', 64) + "'}]}]"), "trust.identity");
        Assert.True(Verify("signers: [{service: '*', identities: [{subject: 'CN=Release *, O=Bank'}]}]").IsOk);
        Assert.True(Verify("signers: [{service: '*', identities: [{san: '*@bank.example'}]}]").IsOk);
        var thumbprint = PackageReader.Inspect(package).Value.Signatures.Single().Thumbprint;
        Assert.True(Verify($"signers: [{{service: '*', identities: [{{thumbprint: '{thumbprint}'}}]}}]").IsOk);
    }

    [Fact]
    public void Law01_the_first_rule_for_the_service_decides_and_a_service_without_one_is_refused()
    {
        Sign(authority.Issue());
        Law.Refused(Verify("signers: [{service: 'pay*'}]"), "trust.no-rule");
        Law.Refused(Verify("signers: [{service: 'or*', required: 2}, {service: '*'}]"), "trust.too-few-signers");
        Assert.True(Verify("signers: [{service: 'pay*', required: 2}, {service: 'orders'}]").IsOk);
    }

    [Fact]
    public void Law01_what_the_policy_revokes_is_refused()
    {
        var issued = authority.Issue();
        Sign(issued);
        using var certificate = issued.Read();
        var info = PackageReader.Inspect(package).Value;
        const string Any = "signers: [{service: '*'}]\n";
        Law.Refused(Verify(Any + $"revoked: {{certificates: [{{thumbprint: '{info.Signatures[0].Thumbprint}'}}]}}"), "trust.revoked");
        Law.Refused(Verify(Any + $"revoked: {{certificates: [{{serial: '{certificate.SerialNumber}'}}]}}"), "trust.revoked");
        Law.Refused(Verify(Any + $"revoked: {{packages: ['{info.Digest}']}}"), "trust.package-revoked");
        Assert.True(Verify(Any + "revoked: {certificates: [{serial: '77'}]}").IsOk);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Law01_a_revocation_list_is_believed_when_its_issuer_signed_it_and_it_is_current(bool rsa)
    {
        using TestAuthority own = new("CN=List Root", rsa);
        var issued = own.Issue();
        var other = own.Issue("CN=Other");
        Sign(issued);
        Assert.True(Verify(own, List(own, other)).IsOk);
        Assert.Contains("revokes the certificate CN=Release One", Law.Refused(Verify(own, List(own, issued)), "trust.revoked").What, StringComparison.Ordinal);
        Assert.Contains("out of date", Law.Refused(Verify(own, List(own, other, TestAuthority.Now.AddDays(-1))), "trust.revoked").What, StringComparison.Ordinal);
        // A stranger with the same name says nothing about this authority's certificates.
        using TestAuthority stranger = new("CN=List Root", rsa);
        Assert.True(Verify(own, List(stranger, issued)).IsOk);
    }

    [Fact]
    public void A_signature_that_does_not_count_does_no_harm_beside_enough_that_do()
    {
        using TestAuthority stranger = new("CN=Stranger");
        Sign(stranger.Issue("CN=Nobody"));
        Sign(authority.Issue());
        var verified = Verify().Value;
        Assert.Equal("CN=Release One", verified.Signers.Single().Subject);
        Assert.Contains("CN=Nobody", verified.NotCounted.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Law01_without_a_policy_nothing_is_trusted()
    {
        var problem = Law.Refused(TrustPolicy.Load(folder["gone/trust.yaml"]), "trust.no-policy");
        Assert.Equal(ProblemKind.Refused, problem.Kind);
        Assert.Contains("keys init", problem.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Law08_everything_that_is_wrong_with_a_policy_is_told_at_once_with_its_place()
    {
        const string Policy = """
            apiVersion: holdfast/v2
            kind: TrustPolicy
            roots:
              - file: gone.pem
              - pem: nonsense
            signer: []
            signers:
              - service: "*"
                required: 0
                identities: [{subject: a, san: b}, {thumbprint: 12}]
            revoked:
              packages: [latest]
              certificates: [{serial: xyz}]
            hostExecutables:
              - path: java
                sha256: 12
              - path: /usr/bin/java
            """;
        Assert.Equal(
            [
                "policy.kind trust.yaml:1:13", "policy.file trust.yaml:4:11", "policy.root trust.yaml:5:10", "policy.unknown-key trust.yaml:6:1", "policy.required trust.yaml:9:15",
                "policy.identity trust.yaml:10:18", "policy.digest trust.yaml:10:53", "policy.digest trust.yaml:12:14", "policy.serial trust.yaml:13:18",
                "policy.path trust.yaml:15:11", "policy.digest trust.yaml:16:13", "policy.missing-key trust.yaml:17:5",
            ],
            TrustPolicy.Parse(Policy, "trust.yaml").Problems.Select(p => $"{p.Rule} {p.Where}"));
    }

    [Fact]
    public void Law08_a_policy_that_trusts_nobody_says_so() =>
        Assert.Equal(["policy.no-roots"], TrustPolicy.Parse("apiVersion: holdfast/v1\nkind: TrustPolicy\n", "trust.yaml").Problems.Select(p => p.Rule));

    private static string List(TestAuthority authority, TestAuthority.Issued revoked, DateTimeOffset? until = null)
    {
        CertificateRevocationListBuilder builder = new();
        using var certificate = revoked.Read();
        builder.AddEntry(certificate, TestAuthority.Now.AddDays(-3));
        var list = builder.Build(authority.Root, 1, until ?? TestAuthority.Now.AddDays(7), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, TestAuthority.Now.AddDays(-2));
        var file = Path.Combine(Path.GetDirectoryName(revoked.Certificate)!, Guid.NewGuid().ToString("N") + ".crl");
        File.WriteAllText(file, PemEncoding.WriteString("X509 CRL", list));
        return file;
    }

    private static byte[] Signature(string file)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(file);
        var info = PackageReader.Inspect(file).Value;
        Assert.Single(info.Signatures);
        return RawZip.Read(file).Entries.Single(e => e.NameText.StartsWith("blobs/", StringComparison.Ordinal) && e.Content.Length > 2 && e.Content[0] == 0x30 && e.Content[1] == 0x82).Content;
    }

    private static RawZip Replace(RawZip zip, string hex, byte[] content)
    {
        var old = zip.Entries.Single(e => e.NameText.EndsWith(hex, StringComparison.Ordinal));
        var now = Convert.ToHexStringLower(SHA256.HashData(content));
        var manifest = zip.Entries.Single(e => e.NameText.StartsWith("blobs/", StringComparison.Ordinal) && System.Text.Encoding.UTF8.GetString(e.Content).Contains(hex, StringComparison.Ordinal));
        var text = System.Text.Encoding.UTF8.GetString(manifest.Content).Replace(hex, now, StringComparison.Ordinal).Replace($"\"size\":{old.Content.Length}", $"\"size\":{content.Length}", StringComparison.Ordinal);
        return zip.With(e => e == old, _ => new("blobs/sha256/" + now, content)).Rewrite(manifest.NameText["blobs/sha256/".Length..], text);
    }

    private Outcome<VerifiedPackage> Verify(TestAuthority own, string list) =>
        PackageVerifier.Verify(package, own.Policy($"signers: [{{service: '*'}}]\nrevoked: {{lists: [{{file: '{list}'}}]}}"), TestAuthority.Now, CancellationToken.None);

    private Outcome<VerifiedPackage> Verify(string rest = "signers: [{service: '*'}]") =>
        PackageVerifier.Verify(package, authority.Policy(rest), TestAuthority.Now, CancellationToken.None);

    private void Sign(TestAuthority.Issued issued)
    {
        using var identity = issued.Identity;
        var signed = PackageSigner.Sign(package, identity, TestAuthority.Now);
        Assert.True(signed.IsOk, string.Join("; ", signed.Problems));
    }
}
