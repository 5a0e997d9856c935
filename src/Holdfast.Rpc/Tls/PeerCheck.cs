using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Rpc.Tls;

/// <summary>Whether the other side's certificate is one that we take: from our roots, for this use, in its time, under the name that was called, not refused.</summary>
internal static class PeerCheck
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>For a server: who called.</summary>
    /// <param name="refused">Told why not, and the SHA-256 of what was shown.</param>
    public static bool TakesClient(TlsIdentity identity, X509Certificate? shown, Action<string, string?> refused)
    {
        if (Problem(identity, shown, ClientUse) is not { } problem) return true;
        refused($"{Name(shown)}: {problem}", shown is null ? null : Convert.ToHexStringLower(SHA256.HashData(shown.GetRawCertData())));
        return false;
    }

    /// <summary>For a client: whom it reached.</summary>
    /// <exception cref="AuthenticationException">It is not taken; the message says why.</exception>
    public static bool TakesServer(TlsIdentity identity, X509Certificate? shown, SslPolicyErrors errors)
    {
        var problem = Problem(identity, shown, ServerUse) ?? OtherName(errors);
        return problem is null ? true : throw new AuthenticationException($"the server's certificate is not taken ({Name(shown)}): {problem}");
    }

    /// <summary>For a client that learns of the roots after the handshake; null: it is a server that they make good.</summary>
    public static string? WhyNoServer(X509Certificate2Collection roots, X509Certificate2 shown, SslPolicyErrors errors) => Problem(roots, shown, ServerUse) ?? OtherName(errors);

    private static string? OtherName(SslPolicyErrors errors) => (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 ? "it is for other names than the one that was called" : null;

    private static string Name(X509Certificate? shown) => shown is null ? "none" : shown.Subject;

    private static string? Problem(TlsIdentity identity, X509Certificate? shown, string use)
    {
        if (shown is null) return "it shows no certificate";
        var certificate = shown as X509Certificate2 ?? new X509Certificate2(shown);
        return Problem(identity.Roots, certificate, use) ?? identity.Refuse(certificate);
    }

    private static string? Problem(X509Certificate2Collection roots, X509Certificate2 certificate, string use)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        // Revocation is the owner's own matter (Refuse): a bank's API does not wait for somebody else's server in a handshake.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(use));
        return chain.Build(certificate) ? null : Words(chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status), certificate);
    }

    private static string Words(X509ChainStatusFlags status, X509Certificate2 certificate) =>
        (status & X509ChainStatusFlags.NotTimeValid) != 0 ? $"it is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}"
        : (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 ? $"none of the roots here has signed it; {certificate.Issuer} has"
        : (status & X509ChainStatusFlags.NotValidForUsage) != 0 ? "it is not for this use (extended key usage)"
        : (status & X509ChainStatusFlags.NotSignatureValid) != 0 ? "its signature is wrong"
        : status.ToString();
}
