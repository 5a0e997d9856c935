using System.Security.Cryptography.X509Certificates;
using Holdfast.Packaging.Signing;

namespace Holdfast.Packaging.Trust;

/// <summary>The way from a certificate to one of the policy's roots: no other root counts, and nothing is fetched.</summary>
internal sealed class CertificateChain : IDisposable
{
    private readonly X509Chain chain;

    private CertificateChain(X509Chain chain, string? whyUntrusted)
    {
        this.chain = chain;
        WhyUntrusted = whyUntrusted;
    }

    /// <summary>Null when the chain is good.</summary>
    public string? WhyUntrusted { get; }

    /// <summary>From the certificate to the root.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => [.. chain.ChainElements.Select(e => e.Certificate)];

    public static CertificateChain Build(X509Certificate2 certificate, X509Certificate2Collection extra, IReadOnlyList<X509Certificate2> roots, DateTimeOffset now)
    {
        X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(extra);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        return new(chain, chain.Build(certificate) ? WhyWeak(chain) : Reason(chain));
    }

    public void Dispose()
    {
        foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        chain.Dispose();
    }

    private static string? WhyWeak(X509Chain chain) =>
        chain.ChainElements.Select(e => SignatureMath.WhyWeak(e.Certificate)).FirstOrDefault(why => why is not null);

    private static string Reason(X509Chain chain)
    {
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if ((flags & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
            return "its certificate does not lead to a root of the trust policy";
        if ((flags & X509ChainStatusFlags.NotTimeValid) != 0) return "a certificate between it and the root has expired, or is not valid yet";
        return "its chain of certificates is broken: " + string.Join(", ", chain.ChainStatus.Select(s => s.Status));
    }
}
