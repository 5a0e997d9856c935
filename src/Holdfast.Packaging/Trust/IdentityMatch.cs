using System.Security.Cryptography.X509Certificates;
using System.Formats.Asn1;

namespace Holdfast.Packaging.Trust;

/// <summary>Whether a certificate is that of somebody whom a rule allows.</summary>
internal static class IdentityMatch
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>Without patterns anybody is allowed whose certificate leads to a root.</summary>
    public static bool Matches(X509Certificate2 certificate, string thumbprint, IReadOnlyList<IdentityPattern> patterns) =>
        patterns.Count == 0 || patterns.Any(p =>
            (p.Subject is not null && Wildcard.Matches(p.Subject, certificate.Subject, ignoreCase: false))
            || (p.San is not null && AlternativeNames(certificate).Any(n => Wildcard.Matches(p.San, n, ignoreCase: true)))
            || (p.Thumbprint is not null && p.Thumbprint == thumbprint));

    /// <summary>E-mail addresses, DNS names and URIs; a malformed extension names nobody.</summary>
    private static List<string> AlternativeNames(X509Certificate2 certificate)
    {
        List<string> names = [];
        try
        {
            foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == SubjectAlternativeName))
            {
                var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (sequence.HasData)
                {
                    var tag = sequence.PeekTag();
                    if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is 1 or 2 or 6) names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    else sequence.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return names;
    }
}
