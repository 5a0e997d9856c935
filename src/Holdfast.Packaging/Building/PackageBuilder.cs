using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Building;

/// <summary>Makes a package of a folder: the same folder and spec give the same bytes, on any machine.</summary>
public static class PackageBuilder
{
    /// <summary>The name that <c>pack</c> gives when none is asked for: <c>payments-1.0.0.hfpkg</c>.</summary>
    public static string FileNameFor(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return $"{spec.Name}-{spec.Version}.hfpkg";
    }

    /// <summary>Packs the files that the spec names (or, when it names none, all but hidden ones) and writes the unsigned package.</summary>
    /// <param name="folder">What the spec's paths are relative to.</param>
    /// <param name="specFile">The bytes of <c>holdfast.yaml</c> that <paramref name="spec"/> was read from; they travel in the package as they are.</param>
    /// <param name="spec">What they mean.</param>
    /// <param name="output">The file to write; replaced in one step, or left alone when something is wrong.</param>
    public static Outcome<PackedPackage> Pack(string folder, ReadOnlyMemory<byte> specFile, ServiceSpec spec, string output)
    {
        ArgumentNullException.ThrowIfNull(spec);
        try
        {
            return PackFolder(folder, specFile, spec, output, PackageLimits.Default);
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"pack {folder} into {output}");
        }
    }

    private static Outcome<PackedPackage> PackFolder(string folder, ReadOnlyMemory<byte> specFile, ServiceSpec spec, string output, PackageLimits limits)
    {
        if (!Directory.Exists(folder)) return new Problem(ProblemKind.NotFound, "pack.folder", $"the folder {folder} does not exist");
        List<Problem> problems = [];
        var selected = FileSelection.Select(FolderWalk.Of(folder), spec.Files, problems);
        if (selected.Count > limits.MaxFiles) problems.Add(Bad("pack.too-many-files", $"{selected.Count} files are to be packed; {limits.MaxFiles} are allowed", "narrow 'files'"));
        if (specFile.Length > limits.MaxSpecBytes) problems.Add(Bad("pack.spec-size", $"holdfast.yaml has {specFile.Length} bytes; {limits.MaxSpecBytes} are allowed", "move data into files of the package"));
        problems.AddRange(Commands.Missing(spec, selected.Select(s => s.File.Path).ToHashSet(StringComparer.Ordinal)));
        if (problems.Count > 0) return problems;

        Dictionary<string, ZipSource> blobs = new(StringComparer.Ordinal);
        var files = Measure(selected, Commands.RelativePaths(spec), blobs, problems);
        PackageManifest manifest = new(spec.Name, spec.Version, AddBlob(blobs, MediaTypes.Spec, specFile), files);
        problems.AddRange(ManifestRules.Check(manifest).Select(p => p with { Kind = ProblemKind.BadInput }));
        var bytes = ManifestFormat.Write(manifest);
        if (bytes.Length > limits.MaxManifestBytes) problems.Add(Bad("pack.too-many-files", $"the manifest would have {bytes.Length} bytes; {limits.MaxManifestBytes} are allowed", "narrow 'files'"));
        return problems.Count > 0 ? problems : Write(manifest, bytes, blobs, output, limits);
    }

    private static List<PackageFile> Measure(
        IReadOnlyList<(FoundFile File, AccessClass Access)> selected, IReadOnlySet<string> commands, Dictionary<string, ZipSource> blobs, List<Problem> problems)
    {
        List<PackageFile> files = [];
        foreach (var (file, access) in selected)
        {
            var measured = MeasuredFile.Measure(file.Source);
            if (measured.Nature.PrivateKey && access != AccessClass.Secret)
                problems.Add(Bad("pack.private-key", $"{file.Path} holds a private key", "leave it out and use 'secrets', or list it under 'files' with the access class secret"));
            var executable = measured.Nature.Executable || commands.Contains(file.Path);
            files.Add(new(file.Path, measured.Digest, measured.Size, FileModes.For(access, executable), access));
            var name = StoredZipReader.BlobFolder + PackageDigest.HexOf(measured.Digest);
            blobs.TryAdd(name, new(name, measured.Size, measured.Crc, () => File.OpenRead(file.Source)));
        }

        return files;
    }

    private static Outcome<PackedPackage> Write(PackageManifest manifest, byte[] bytes, Dictionary<string, ZipSource> blobs, string output, PackageLimits limits)
    {
        var pointer = AddBlob(blobs, MediaTypes.Manifest, bytes) with { ArtifactType = MediaTypes.Package };
        List<ZipSource> sources = [.. blobs.Values,
            ZipSource.Of(MediaTypes.LayoutEntry, MediaTypes.LayoutContent.ToArray()),
            ZipSource.Of(MediaTypes.IndexEntry, new PackageIndex(pointer, []).Write())];
        var length = StoredZipWriter.LengthOf(sources);
        if (length > limits.MaxPackageBytes) return Bad("pack.too-large", $"the package would have {length} bytes; {limits.MaxPackageBytes} are allowed", "leave out what the service does not need at run time");
        AtomicFile.Write(output, mode: null, overwrite: true, stream => StoredZipWriter.Write(stream, sources));
        return new PackedPackage(output, pointer.Digest, manifest.Name, manifest.Version, manifest.Files, length);
    }

    private static Descriptor AddBlob(Dictionary<string, ZipSource> blobs, string mediaType, ReadOnlyMemory<byte> content)
    {
        var descriptor = Descriptor.Of(mediaType, content.Span);
        blobs.TryAdd(descriptor.EntryName, ZipSource.Of(descriptor.EntryName, content));
        return descriptor;
    }

    private static Problem Bad(string rule, string what, string mend) => new(ProblemKind.BadInput, rule, what) { Mend = mend };
}
