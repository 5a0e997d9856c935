using Holdfast.Core.Problems;
using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

/// <summary>From <c>oci-layout</c> to the last referrer: reads what describes the package, and finds what is missing or too much.</summary>
internal sealed class LayoutReader
{
    private const int MaxProblems = 20;
    private readonly BlobReader blobs;
    private readonly PackageLimits limits;
    private readonly List<Problem> problems = [];
    private readonly HashSet<string> expected = new(StringComparer.Ordinal) { MediaTypes.LayoutEntry, MediaTypes.IndexEntry };

    private LayoutReader(BlobReader blobs, PackageLimits limits)
    {
        this.blobs = blobs;
        this.limits = limits;
    }

    public static Outcome<PackageLayout> Read(BlobReader blobs, PackageLimits limits) => new LayoutReader(blobs, limits).Read();

    private Outcome<PackageLayout> Read()
    {
        var marker = blobs.ReadNamed(MediaTypes.LayoutEntry, MediaTypes.LayoutContent.Length);
        if (!marker.TryGet(out var content)) return Outcome.Failed<PackageLayout>(marker.Problems);
        if (!content.AsSpan().SequenceEqual(MediaTypes.LayoutContent))
            return new Problem(ProblemKind.Refused, "package.version", "the package is laid out in a way that this version does not know");
        return blobs.ReadNamed(MediaTypes.IndexEntry, limits.MaxIndexBytes)
            .Then(bytes => PackageIndex.Read(bytes, limits))
            .Then(ReadManifest);
    }

    private Outcome<PackageLayout> ReadManifest(PackageIndex index)
    {
        expected.Add(index.Manifest.EntryName);
        return blobs.Read(index.Manifest, "the manifest", limits.MaxManifestBytes)
            .Then(bytes => ManifestFormat.Read(bytes, limits).Then(manifest => ReadRest(index, bytes, manifest)));
    }

    private Outcome<PackageLayout> ReadRest(PackageIndex index, byte[] manifestBytes, PackageManifest manifest)
    {
        expected.Add(manifest.Spec.EntryName);
        var spec = Note(blobs.Read(manifest.Spec, "holdfast.yaml", limits.MaxSpecBytes));
        foreach (var file in manifest.Files) Expect(new(MediaTypes.File, file.Digest, file.Size), file.Path);
        List<ReadOnlyMemory<byte>> signatures = [];
        List<Referrer> attachments = [];
        foreach (var pointer in index.Referrers) ReadReferrer(index, pointer, signatures, attachments);
        foreach (var extra in blobs.EntryNames.Where(name => !expected.Contains(name)))
            problems.Add(new(ProblemKind.Refused, "package.extra-blob", $"{extra} is in the package, but nothing names it") { Why = "content that nobody signed has no place in a package" });
        if (problems.Count > 0) return problems.Take(MaxProblems).ToArray();
        return new PackageLayout
        {
            Index = index,
            Manifest = manifest,
            ManifestBytes = manifestBytes,
            Spec = spec,
            Signatures = signatures,
            Attachments = attachments,
        };
    }

    private void ReadReferrer(PackageIndex index, Descriptor pointer, List<ReadOnlyMemory<byte>> signatures, List<Referrer> attachments)
    {
        expected.Add(pointer.EntryName);
        var read = blobs.Read(pointer, "an attached document's manifest", limits.MaxReferrerManifestBytes).Then(bytes => Referrer.Read(bytes, limits));
        if (!read.TryGet(out var referrer))
        {
            problems.AddRange(read.Problems);
            return;
        }

        Expect(Descriptor.Of(MediaTypes.Empty, MediaTypes.EmptyContent), "the empty blob");
        if (referrer.Subject.Digest != index.Manifest.Digest || referrer.ArtifactType != pointer.ArtifactType)
            problems.Add(new(ProblemKind.Refused, "package.foreign-attachment", "a signature or document in the package is attached to another package"));
        foreach (var layer in referrer.Layers) Expect(layer, "an attached document");
        if (!referrer.IsSignature)
        {
            attachments.Add(referrer);
            return;
        }

        foreach (var layer in referrer.Layers) signatures.Add(Note(blobs.Read(layer, "a signature", limits.MaxSignatureBytes)));
    }

    private void Expect(Descriptor blob, string what)
    {
        expected.Add(blob.EntryName);
        if (blobs.Find(blob, what) is { } problem) problems.Add(problem);
    }

    private byte[] Note(Outcome<byte[]> read)
    {
        if (read.TryGet(out var content)) return content;
        problems.AddRange(read.Problems);
        return [];
    }
}
