using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Packaging.Trust;

/// <summary>What the policy withdrew: certificates by thumbprint or serial number, and what revocation lists say of a chain.</summary>
internal static class RevocationCheck
{
    /// <param name="chain">From the signer to the root; the root itself is trusted or not by the policy alone.</param>
    /// <param name="revoked">What is withdrawn.</param>
    /// <param name="now">Revocation lists must be current at this time.</param>
    /// <returns>Null when nothing is revoked; else what and why, in words.</returns>
    public static string? WhyRevoked(IReadOnlyList<X509Certificate2> chain, Revocations revoked, DateTimeOffset now)
    {
        for (var i = 0; i < chain.Count; i++)
        {
            var certificate = chain[i];
            if (revoked.Thumbprints.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()) || revoked.Serials.Contains(SerialOf(certificate)))
                return $"the policy revokes the certificate {certificate.Subject} (serial {certificate.SerialNumber})";
            if (i + 1 < chain.Count && WhyListed(certificate, chain[i + 1], revoked.Lists, now) is { } why) return why;
        }

        return null;
    }

    /// <summary>Upper-case hexadecimal without leading zeros, as policies write it.</summary>
    public static string SerialOf(X509Certificate2 certificate) => certificate.SerialNumber.TrimStart('0').ToUpperInvariant();

    private static string? WhyListed(X509Certificate2 certificate, X509Certificate2 issuer, IReadOnlyList<RevocationList> lists, DateTimeOffset now)
    {
        var mine = lists.Where(l => l.IsOf(issuer)).ToList();
        if (mine.Count == 0) return null;
        if (mine.FirstOrDefault(l => l.Revokes(certificate)) is { } list) return $"the revocation list {list.Source} revokes the certificate {certificate.Subject} (serial {certificate.SerialNumber})";
        // The policy asks for lists of this issuer: an old one cannot say that the certificate is still good.
        return mine.Any(l => l.IsCurrent(now)) ? null : $"the revocation list {mine[0].Source} is out of date: fetch a new one, or take it out of the policy";
    }
}
