using System.Security.Cryptography.X509Certificates;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Packaging.Trust;

namespace Holdfast.Packaging.Tests.Signing;

public sealed class DevelopmentAuthorityTests
{
    [Fact]
    public void Its_keys_sign_what_its_policy_trusts_and_openssl_finds_the_chain_good()
    {
        var (folder, package) = SampleService.Packed();
        using var _ = folder;
        var now = TestAuthority.Now;
        var keys = DevelopmentAuthority.Create(folder["keys"], folder["policy/trust.yaml"], "ann", now).Value;
        using var identity = SigningIdentity.FromPem(keys.SigningCertificate, keys.SigningKey, null).Value;
        Assert.True(PackageSigner.Sign(package, identity, now).IsOk);

        var policy = TrustPolicy.Load(keys.TrustPolicy!).Value;
        Assert.Equal("CN=Holdfast development signing of ann", PackageVerifier.Verify(package, policy, now, CancellationToken.None).Value.Signers.Single().Subject);
        var (exit, output) = Openssl.Run("verify", "-x509_strict", "-CAfile", keys.RootCertificate, "-attime", now.ToUnixTimeSeconds().ToString(), keys.SigningCertificate);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public void Private_keys_are_for_their_owner_only_and_nothing_is_ever_overwritten()
    {
        using TempFolder folder = new();
        folder.Write("policy/trust.yaml", "mine");
        var keys = DevelopmentAuthority.Create(folder["keys"], folder["policy/trust.yaml"], "ann", TestAuthority.Now).Value;
        Assert.Null(keys.TrustPolicy);
        Assert.Equal("mine", File.ReadAllText(folder["policy/trust.yaml"]));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var key in new[] { keys.RootKey, keys.SigningKey }) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }

        var before = File.ReadAllText(keys.RootKey);
        File.Delete(keys.SigningKey);
        Law.Refused(DevelopmentAuthority.Create(folder["keys"], folder["policy/trust.yaml"], "ann", TestAuthority.Now), "keys.exist");
        Assert.Equal(before, File.ReadAllText(keys.RootKey));
        Assert.False(File.Exists(keys.SigningKey));
    }

    [Fact]
    public void The_root_may_issue_and_nothing_else_and_the_signer_may_sign_and_nothing_else()
    {
        using TempFolder folder = new();
        var keys = DevelopmentAuthority.Create(folder["keys"], folder["trust.yaml"], "ann", TestAuthority.Now).Value;
        using var root = X509CertificateLoader.LoadCertificateFromFile(keys.RootCertificate);
        using var signing = X509CertificateLoader.LoadCertificateFromFile(keys.SigningCertificate);
        Assert.Equal(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, root.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal((true, 0), (root.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority, root.Extensions.OfType<X509BasicConstraintsExtension>().Single().PathLengthConstraint));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, signing.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.False(signing.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }
}
