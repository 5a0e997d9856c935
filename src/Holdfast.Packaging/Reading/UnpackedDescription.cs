using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Trust;

namespace Holdfast.Packaging.Reading;

/// <summary>
/// What describes a package that is not in its archive any more: manifest, spec and signatures, as the store of a node keeps them.
/// Its files are judged by who reads them, against the digests of the manifest.
/// </summary>
/// <param name="Manifest">The canonical bytes.</param>
/// <param name="Spec">The bytes of <c>holdfast.yaml</c>.</param>
/// <param name="Signatures">CMS, each as it was in the package.</param>
public sealed record UnpackedDescription(ReadOnlyMemory<byte> Manifest, ReadOnlyMemory<byte> Spec, IReadOnlyList<ReadOnlyMemory<byte>> Signatures)
{
    private const string Expired = "trust.expired", TooFew = "trust.too-few-signers";

    public string Digest => PackageDigest.Of(Manifest.Span);

    /// <summary>What the manifest says, if spec and signatures are those of it and satisfy the policy.</summary>
    /// <param name="policy">Who is trusted.</param>
    /// <param name="now">For what the policy withdraws, and for certificates.</param>
    /// <param name="admittedAt">When it was judged first: a certificate that has expired since then still counts, as it does for every start.</param>
    public Outcome<VerifiedPackage> Judge(TrustPolicy policy, DateTimeOffset now, DateTimeOffset admittedAt) =>
        ManifestFormat.Read(Manifest, PackageLimits.Default).Then(manifest =>
        {
            if (PackageDigest.Of(Spec.Span) != manifest.Spec.Digest)
                return new Problem(ProblemKind.Refused, "package.digest-mismatch", "holdfast.yaml does not have the digest that the manifest says");
            var trust = TrustJudge.Judge(manifest.Name, Digest, Manifest, Signatures, policy, now);
            if (!trust.IsOk && trust.Problems.All(problem => problem.Rule is Expired or TooFew))
                trust = TrustJudge.Judge(manifest.Name, Digest, Manifest, Signatures, policy, admittedAt);
            List<Problem> problems = [.. trust.Problems, .. SpecCheck.Problems(manifest, Spec)];
            return problems.Count > 0 ? problems : Outcome.Of(Verified(manifest, trust.Value));
        });

    private VerifiedPackage Verified(PackageManifest manifest, TrustVerdict trust) => new()
    {
        Digest = Digest,
        Name = manifest.Name,
        Version = manifest.Version,
        Files = manifest.Files,
        Manifest = Manifest,
        Spec = Spec,
        Signatures = Signatures,
        Signers = trust.Signers,
        NotCounted = trust.NotCounted,
    };
}
