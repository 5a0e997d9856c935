using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Packages;
using Holdfast.Packaging.Signing;

namespace Holdfast.Packaging.Trust;

/// <summary>Judges one signature: arithmetic, certificate, chain, revocation, identity, in this order; the first that fails is the reason.</summary>
internal sealed class SignatureJudge(TrustPolicy policy, SignerRule rule, DateTimeOffset now)
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    public SignatureVerdict Judge(ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> manifest)
    {
        var (decoded, unreadable) = SignatureReader.Decode(signature, manifest);
        if (decoded is null) return SignatureVerdict.No("trust.bad-signature", $"a signature cannot be read: {unreadable}");
        var certificate = decoded.Certificate;
        var name = $"the signature of {certificate.Subject}";
        if (SignatureMath.WhyWrong(decoded) is { } wrong) return SignatureVerdict.No("trust.bad-signature", $"{name} does not count: {wrong}");
        if (!MaySignCode(certificate)) return SignatureVerdict.No("trust.no-code-signing", $"{name} does not count: its certificate is not one for signing code");
        if (ValidityOf(certificate) is { } validity) return SignatureVerdict.No(validity.Rule, $"{name} does not count: {validity.Why}");

        using var chain = CertificateChain.Build(certificate, decoded.Cms.Certificates, policy.Roots, now);
        if (chain.WhyUntrusted is { } untrusted) return SignatureVerdict.No("trust.unknown-root", $"{name} does not count: {untrusted}");
        if (RevocationCheck.WhyRevoked(chain.Certificates, policy.Revoked, now) is { } revoked) return SignatureVerdict.No("trust.revoked", $"{name} does not count: {revoked}");
        if (!IdentityMatch.Matches(certificate, decoded.Thumbprint, rule.Identities)) return SignatureVerdict.No("trust.identity", $"{name} does not count: the policy does not allow this signer for the service");
        return new(
            new AdmittedSigner(certificate.Subject, decoded.Thumbprint, new(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero)),
            Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())), null, null);
    }

    /// <summary>A certificate without the extension could be used for anything, and so is not one for code.</summary>
    private static bool MaySignCode(X509Certificate2 certificate)
    {
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (usage is not null && (usage.KeyUsages & X509KeyUsageFlags.DigitalSignature) == 0) return false;
        return certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(e => e.EnhancedKeyUsages.Cast<Oid>().Any(o => o.Value == CodeSigning));
    }

    private (string Rule, string Why)? ValidityOf(X509Certificate2 certificate)
    {
        if (now < certificate.NotBefore.ToUniversalTime()) return ("trust.not-yet-valid", $"its certificate is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC only");
        if (now > certificate.NotAfter.ToUniversalTime()) return ("trust.expired", $"its certificate expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
        return null;
    }
}
