namespace Holdfast.Identity.Certificates;

/// <summary>A certificate that was just given out, with what its holder needs beside it.</summary>
/// <param name="Entry">As the register has it.</param>
/// <param name="Certificate">PEM.</param>
/// <param name="Key">PEM (PKCS#8, not encrypted); null: it was made elsewhere and never came here.</param>
/// <param name="Roots">PEM: whom the holder is to believe.</param>
public sealed record NewCertificate(IssuedCertificate Entry, string Certificate, string? Key, string Roots)
{
    /// <summary>The whole of it as one file, as <c>--identity</c> takes it and other tools read it: key, certificate, roots.</summary>
    public string File => string.Concat(Key, Certificate, Roots);
}
