using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Rpc.Tls;

/// <summary>
/// Who answers a caller that has no root yet. Whoever it is passes the handshake, shown no certificate of ours; nothing that matters may be sent before
/// <see cref="WhyNot"/> has said null, on the call that is open then.
/// </summary>
public sealed class UnprovenServer
{
    private readonly ConcurrentQueue<(X509Certificate2 Certificate, SslPolicyErrors Errors)> shown = [];

    /// <summary>Why what answered is none that these roots make good, under the name that was called, as a clause; null: it is. Each connection so far is looked at.</summary>
    public string? WhyNot(X509Certificate2Collection roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        return shown.IsEmpty ? "it has shown nothing" : shown.Select(one => PeerCheck.WhyNoServer(roots, one.Certificate, one.Errors)).FirstOrDefault(why => why is not null);
    }

    internal bool Take(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null) return false;
        // What the handshake has is not ours to keep.
        shown.Enqueue((X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()), errors));
        return true;
    }
}
