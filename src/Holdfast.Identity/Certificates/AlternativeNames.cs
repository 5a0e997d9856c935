using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Identity.Certificates;

/// <summary>A certificate's subject alternative names, URIs included, which the framework's own reader leaves out (RFC 5280, 4.2.1.6).</summary>
internal sealed record AlternativeNames(IReadOnlyList<string> Uris, IReadOnlyList<string> Addresses)
{
    private const string Extension = "2.5.29.17";

    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2), Uri = new(TagClass.ContextSpecific, 6), Ip = new(TagClass.ContextSpecific, 7);

    private static AlternativeNames None { get; } = new([], []);

    /// <summary>Empty where it has none, or none that can be read.</summary>
    public static AlternativeNames Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var found = certificate.Extensions.FirstOrDefault(one => one.Oid?.Value == Extension);
        if (found is null) return None;
        try
        {
            return Read(found.RawData);
        }
        catch (AsnContentException)
        {
            return None;
        }
    }

    private static AlternativeNames Read(byte[] data)
    {
        List<string> uris = [], addresses = [];
        var names = new AsnReader(data, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            var tag = names.PeekTag();
            if (tag == Uri) uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
            else if (tag == Dns) addresses.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Dns));
            else if (tag == Ip && names.ReadOctetString(Ip) is { Length: 4 or 16 } bytes) addresses.Add(new IPAddress(bytes).ToString());
            else if (tag != Ip) names.ReadEncodedValue();
        }

        return new(uris, addresses);
    }
}
