using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Trust;

namespace Holdfast.Packaging.Reading;

/// <summary>Says whether a package may run here: structure, signatures that satisfy the policy, and every digest.</summary>
public static class PackageVerifier
{
    /// <summary>Reads the package once, a buffer at a time, on all cores. Nothing is written.</summary>
    /// <param name="file">The <c>.hfpkg</c>.</param>
    /// <param name="policy">Whom to trust.</param>
    /// <param name="now">The time at which certificates must be valid.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static Outcome<VerifiedPackage> Verify(string file, TrustPolicy policy, DateTimeOffset now, CancellationToken cancel) =>
        Run(file, policy, now, unpack: null, cancel);

    /// <summary>
    /// Verifies, and hands out the content of every file while it is digested, so that it is read once. What was handed out is worth
    /// nothing until the outcome is there; when the signatures do not satisfy the policy, nothing is handed out at all.
    /// </summary>
    /// <param name="file">The <c>.hfpkg</c>.</param>
    /// <param name="policy">Whom to trust.</param>
    /// <param name="now">The time at which certificates must be valid.</param>
    /// <param name="unpack">Makes the stream that takes a file's content; it is disposed when the content is complete. Called from several threads.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static Outcome<VerifiedPackage> Unpack(string file, TrustPolicy policy, DateTimeOffset now, Func<PackageFile, Stream> unpack, CancellationToken cancel) =>
        Run(file, policy, now, unpack, cancel);

    internal static Outcome<VerifiedPackage> Verify(PackageBytes bytes, PackageLimits limits, TrustPolicy policy, DateTimeOffset now) =>
        OpenPackage.Open(bytes, limits).Then(package => Judge(package, policy, now, null, CancellationToken.None));

    private static Outcome<VerifiedPackage> Run(string file, TrustPolicy policy, DateTimeOffset now, Func<PackageFile, Stream>? unpack, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(policy);
        try
        {
            var opened = OpenPackage.Open(file);
            if (!opened.TryGet(out var package)) return Outcome.Failed<VerifiedPackage>(opened.Problems);
            using (package) return Judge(package, policy, now, unpack, cancel);
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, unpack is null ? $"read {file}" : $"unpack {file}");
        }
    }

    private static Outcome<VerifiedPackage> Judge(OpenPackage package, TrustPolicy policy, DateTimeOffset now, Func<PackageFile, Stream>? unpack, CancellationToken cancel)
    {
        var layout = package.Layout;
        var trust = TrustJudge.Judge(layout.Manifest.Name, layout.Digest, layout.ManifestBytes, layout.Signatures, policy, now);
        List<Problem> problems = [.. trust.Problems, .. SpecCheck.Problems(layout)];
        if (problems.Count == 0 || unpack is null) problems.AddRange(ContentCheck.Problems(package, unpack, cancel));
        if (problems.Count > 0) return problems;
        return new VerifiedPackage
        {
            Digest = layout.Digest,
            Name = layout.Manifest.Name,
            Version = layout.Manifest.Version,
            Files = layout.Manifest.Files,
            Manifest = layout.ManifestBytes,
            Spec = layout.Spec,
            Signatures = layout.Signatures,
            Signers = trust.Value.Signers,
            NotCounted = trust.Value.NotCounted,
        };
    }
}
