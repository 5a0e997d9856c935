using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Packaging.Tests.Signing;

public sealed class SigningTests : IDisposable
{
    private readonly TempFolder folder;
    private readonly string package;
    private readonly TestAuthority authority = new();

    public SigningTests() => (folder, package) = SampleService.Packed();

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_signed_package_verifies_and_openssl_agrees(bool rsa)
    {
        using var identity = authority.Issue(rsa: rsa).Identity;
        Assert.True(PackageSigner.Sign(package, identity, TestAuthority.Now).IsOk);

        var verified = PackageVerifier.Verify(package, authority.Policy(), TestAuthority.Now, CancellationToken.None).Value;
        Assert.Equal("CN=Release One", verified.Signers.Single().Subject);

        File.WriteAllBytes(folder["m.p7s"], verified.Signatures.Single().ToArray());
        File.WriteAllBytes(folder["manifest.json"], verified.Manifest.ToArray());
        var (exit, output) = OpensslVerify("manifest.json");
        Assert.True(exit == 0, output);
        File.AppendAllText(folder["manifest.json"], " ");
        Assert.NotEqual(0, OpensslVerify("manifest.json").ExitCode);
    }

    [Theory]
    [InlineData("ecdsa", "sha256", false)]
    [InlineData("ecdsa", "sha512", false)]
    [InlineData("ecdsa", "sha384", true)]
    [InlineData("rsa", "sha256", false)]
    [InlineData("rsa", "sha512", true)]
    [InlineData("rsa-pss", "sha256", false)]
    public void A_signature_that_openssl_made_is_accepted(string key, string digest, bool withoutAttributes)
    {
        var issued = authority.Issue(rsa: key != "ecdsa");
        File.WriteAllBytes(folder["manifest.json"], PackageReader.Inspect(package).Value.Manifest.ToArray());
        List<string> arguments = ["cms", "-sign", "-binary", "-in", folder["manifest.json"], "-signer", issued.Certificate, "-inkey", issued.Key, "-md", digest, "-outform", "DER", "-out", folder["s.p7s"]];
        if (withoutAttributes) arguments.Add("-noattr");
        if (key == "rsa-pss") arguments.AddRange(["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:-1"]);
        var (exit, output) = Openssl.Run([.. arguments]);
        Assert.True(exit == 0, output);

        var attached = PackageSigner.Attach(package, File.ReadAllBytes(folder["s.p7s"]));
        Assert.True(attached.IsOk, string.Join("; ", attached.Problems));
        var verified = PackageVerifier.Verify(package, authority.Policy(), TestAuthority.Now, CancellationToken.None);
        Assert.True(verified.IsOk, string.Join("; ", verified.Problems));
    }

    [Fact]
    public void A_signature_of_something_else_cannot_be_attached()
    {
        var issued = authority.Issue();
        folder.Write("other.json", "{}");
        Assert.Equal(0, Openssl.Run("cms", "-sign", "-binary", "-in", folder["other.json"], "-signer", issued.Certificate, "-inkey", issued.Key, "-outform", "DER", "-out", folder["s.p7s"]).ExitCode);
        Law.Refused(PackageSigner.Attach(package, File.ReadAllBytes(folder["s.p7s"])), "sign.failed");
        Law.Refused(PackageSigner.Attach(package, "no signature"u8.ToArray()), "sign.failed");
    }

    [Fact]
    public void A_signature_changes_the_file_and_not_the_identity()
    {
        var before = PackageReader.Inspect(package).Value;
        var bytes = File.ReadAllBytes(package);
        using var one = authority.Issue("CN=One").Identity;
        using var two = authority.Issue("CN=Two", rsa: true).Identity;

        Assert.Equal((before.Digest, 1, false), Result(PackageSigner.Sign(package, one, TestAuthority.Now).Value));
        Assert.Equal((before.Digest, 2, false), Result(PackageSigner.Sign(package, two, TestAuthority.Now).Value));
        Assert.Equal((before.Digest, 2, true), Result(PackageSigner.Sign(package, one, TestAuthority.Now).Value));

        var after = PackageReader.Inspect(package).Value;
        Assert.Equal(before.Digest, after.Digest);
        Assert.Equal(["CN=One", "CN=Two"], after.Signatures.Select(s => s.Subject).Order());
        Assert.All(after.Signatures, s => Assert.Equal(TestAuthority.Now, s.SignedAt));
        Assert.NotEqual(bytes, File.ReadAllBytes(package));
        Assert.Equal(["orders-1.2.3.hfpkg"], Directory.EnumerateFiles(folder.Path, "*hfpkg*").Select(Path.GetFileName));

        static (string, int, bool) Result(SignedPackage signed) => (signed.Digest, signed.Signatures, signed.AlreadySigned);
    }

    [Fact]
    public void A_damaged_package_is_not_signed_and_stays_as_it_was()
    {
        var damaged = RawZip.Read(package).With(e => e.Content.AsSpan().IndexOf("sleep 1000"u8) >= 0, e => new(e.Name, [.. e.Content[..^2], 0x20, 0x0A]));
        File.WriteAllBytes(package, damaged.Write());
        var bytes = File.ReadAllBytes(package);
        using var identity = authority.Issue().Identity;
        Law.Refused(PackageSigner.Sign(package, identity, TestAuthority.Now), "package.digest-mismatch");
        Assert.Equal(bytes, File.ReadAllBytes(package));
    }

    [Fact]
    public void Keys_come_from_PEM_encrypted_PEM_and_PFX()
    {
        foreach (var rsa in new[] { false, true })
        {
            var issued = authority.Issue($"CN=Key {rsa}", rsa);
            Assert.Equal(0, Openssl.Run("pkcs8", "-topk8", "-in", issued.Key, "-out", folder["enc.key"], "-passout", "pass:hush").ExitCode);
            Assert.Equal(0, Openssl.Run("pkcs12", "-export", "-in", issued.Certificate, "-inkey", issued.Key, "-certfile", authority.RootFile, "-out", folder["k.pfx"], "-passout", "pass:hush").ExitCode);
            using var encrypted = SigningIdentity.FromPem(issued.Certificate, folder["enc.key"], "hush").Value;
            using var pfx = SigningIdentity.FromPfx(folder["k.pfx"], "hush").Value;
            Assert.Equal((issued.Identity.Subject, issued.Identity.Subject), (encrypted.Subject, pfx.Subject));
            Law.Refused(SigningIdentity.FromPfx(folder["k.pfx"], "wrong"), "sign.identity");
            Law.Refused(SigningIdentity.FromPem(issued.Certificate, folder["enc.key"], "wrong"), "sign.identity");
            Law.Refused(SigningIdentity.FromPem(issued.Certificate, authority.Issue().Key, null), "sign.identity");
            Law.Refused(SigningIdentity.FromPfx(folder["gone.pfx"], null), "files.not-found");
            File.Delete(folder["k.pfx"]);
            File.Delete(folder["enc.key"]);
            Assert.True(PackageSigner.Sign(package, pfx, TestAuthority.Now).IsOk);
        }

        Assert.True(PackageVerifier.Verify(package, authority.Policy("signers: [{service: '*', required: 2}]"), TestAuthority.Now, CancellationToken.None).IsOk);
    }

    [Fact]
    public void Intermediates_travel_in_the_signature()
    {
        var middle = authority.Issue("CN=Middle", authority: true);
        using var above = middle.Read();
        var leaf = authority.Issue("CN=Leaf", issuer: above);
        File.AppendAllText(leaf.Certificate, "\n" + File.ReadAllText(middle.Certificate));
        using var identity = leaf.Identity;
        Assert.True(PackageSigner.Sign(package, identity, TestAuthority.Now).IsOk);
        Assert.True(PackageVerifier.Verify(package, authority.Policy(), TestAuthority.Now, CancellationToken.None).IsOk);
    }

    private (int ExitCode, string Output) OpensslVerify(string content) => Openssl.Run(
        "cms", "-verify", "-binary", "-inform", "DER", "-in", folder["m.p7s"], "-content", folder[content], "-CAfile", authority.RootFile, "-purpose", "any",
        "-attime", TestAuthority.Now.ToUnixTimeSeconds().ToString(), "-out", folder["out"]);
}
