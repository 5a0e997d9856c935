using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Windows.Selftest.Deploying;

/// <summary>
/// Wine 8 (crypt32) takes the signature of a certificate for wrong where one of its two numbers is shorter than the curve's 32 bytes: of 1,500 chains 20.
/// Windows, and Wine's own check of a package's signature, take them all. Tests make their certificates so that it can read them.
/// </summary>
internal static class WineSignatures
{
    private const int Bytes = 32;

    /// <param name="file">A certificate with an ECDSA signature on P-256 (PEM).</param>
    public static bool CanRead(string file)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        var signed = new AsnReader(certificate.RawData, AsnEncodingRules.DER).ReadSequence();
        signed.ReadEncodedValue();
        signed.ReadEncodedValue();
        var numbers = new AsnReader(signed.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence();
        return IsLong(numbers) && IsLong(numbers);
    }

    private static bool IsLong(AsnReader numbers) => numbers.ReadIntegerBytes().Span.TrimStart((byte)0).Length == Bytes;
}
