using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Signing;

/// <summary>What was signed.</summary>
/// <param name="Digest">The package's identity, which a signature does not change.</param>
/// <param name="Signer">The certificate's subject.</param>
/// <param name="Thumbprint">SHA-256 of the certificate, lower-case hexadecimal.</param>
/// <param name="Signatures">How many the package has now.</param>
/// <param name="AlreadySigned">This certificate had signed it before; nothing was changed.</param>
public sealed record SignedPackage(string Digest, string Signer, string Thumbprint, int Signatures, bool AlreadySigned);

/// <summary>Adds a CMS signature over the package's manifest.</summary>
public static class PackageSigner
{
    /// <summary>Signs, and replaces the package file in one step. Every blob is digested on the way: what is damaged is not signed.</summary>
    public static Outcome<SignedPackage> Sign(string file, SigningIdentity identity, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var thumbprint = identity.Certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
        return Extend(file, layout => new NewSignature(identity.Subject, thumbprint, () => CmsSignature.Create(layout.ManifestBytes, identity, now)));
    }

    /// <summary>
    /// Attaches a detached CMS signature that was made elsewhere (an HSM, openssl) over the bytes of <see cref="PackageInfo.Manifest"/>.
    /// It must be arithmetically right; whether its signer is trusted is the verifier's question.
    /// </summary>
    public static Outcome<SignedPackage> Attach(string file, ReadOnlyMemory<byte> signature) => Extend(file, layout =>
    {
        var (decoded, unreadable) = SignatureReader.Decode(signature, layout.ManifestBytes);
        if (decoded is null) return Bad($"the signature cannot be attached: {unreadable}");
        if (SignatureMath.WhyWrong(decoded) is { } why) return Bad($"the signature cannot be attached: {why}");
        return new NewSignature(decoded.Certificate.Subject, decoded.Thumbprint, signature.ToArray);
    });

    private static Outcome<SignedPackage> Extend(string file, Func<PackageLayout, Outcome<NewSignature>> sign)
    {
        try
        {
            var opened = OpenPackage.Open(file);
            if (!opened.TryGet(out var package)) return Outcome.Failed<SignedPackage>(opened.Problems);
            using (package)
            {
                var signed = sign(package.Layout);
                return signed.TryGet(out var signature) ? Add(file, package, signature) : Outcome.Failed<SignedPackage>(signed.Problems);
            }
        }
        catch (ContentChangedException)
        {
            return BlobCheck.Mismatch("a file of the package");
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"sign {file}");
        }
        catch (CryptographicException exception)
        {
            return Bad($"signing failed: {exception.Message}");
        }
    }

    private static Outcome<SignedPackage> Add(string file, OpenPackage package, NewSignature signature)
    {
        var layout = package.Layout;
        var limits = PackageLimits.Default;
        if (IsSignedBy(layout, signature.Thumbprint)) return new SignedPackage(layout.Digest, signature.Signer, signature.Thumbprint, layout.Signatures.Count, true);
        var cms = signature.Make();
        if (cms.Length > limits.MaxSignatureBytes) return Bad($"the signature has {cms.Length} bytes; {limits.MaxSignatureBytes} are allowed");
        if (layout.Index.Referrers.Count >= limits.MaxReferrers) return Bad($"the package has {limits.MaxReferrers} signatures and documents already");
        Referrer referrer = new(MediaTypes.CmsSignature, [Descriptor.Of(MediaTypes.CmsSignature, cms)], layout.Index.Manifest with { ArtifactType = null });
        var manifest = referrer.Write();
        var pointer = Descriptor.Of(MediaTypes.Manifest, manifest) with { ArtifactType = MediaTypes.CmsSignature };
        PackageIndex index = new(layout.Index.Manifest, [.. layout.Index.Referrers, pointer]);
        var sources = package.Entries.ToDictionary(e => e.Name, e => new ZipSource(e.Name, e.Size, e.Crc, () => package.OpenEntry(e)), StringComparer.Ordinal);
        foreach (var content in new[] { cms, manifest, MediaTypes.EmptyContent.ToArray() })
        {
            var name = StoredZipReader.BlobFolder + PackageDigest.HexOf(PackageDigest.Of(content));
            sources[name] = ZipSource.Of(name, content);
        }

        sources[MediaTypes.IndexEntry] = ZipSource.Of(MediaTypes.IndexEntry, index.Write());
        if (StoredZipWriter.LengthOf(sources.Values) > limits.MaxPackageBytes) return Bad($"the package would be larger than {limits.MaxPackageBytes} bytes");
        AtomicFile.Write(file, mode: null, overwrite: true, stream => StoredZipWriter.Write(stream, sources.Values), letGo: package.Dispose);
        return new SignedPackage(layout.Digest, signature.Signer, signature.Thumbprint, layout.Signatures.Count + 1, false);
    }

    private static bool IsSignedBy(PackageLayout layout, string thumbprint) =>
        layout.Signatures.Any(s => SignatureReader.Decode(s, layout.ManifestBytes).Signature is { } decoded
            && decoded.Thumbprint == thumbprint && SignatureMath.WhyWrong(decoded) is null);

    private static Problem Bad(string what) => new(ProblemKind.BadInput, "sign.failed", what);

    private sealed record NewSignature(string Signer, string Thumbprint, Func<byte[]> Make);
}
