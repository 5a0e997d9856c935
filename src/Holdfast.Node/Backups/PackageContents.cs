using Holdfast.Core.Backups;
using Holdfast.Core.Packages;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Reading;

namespace Holdfast.Node.Backups;

/// <summary>The files of an admitted package, as a backup names them. The digests of what runs are those of the admission: a file that has changed since is found when it is written.</summary>
internal static class PackageContents
{
    private static readonly string[] Documents = ["manifest.json", "holdfast.yaml", AdmissionRecords.FileName];

    public static IEnumerable<BackupContent> Of(AdmittedPackage package, CancellationToken cancel)
    {
        var folder = BackupPaths.FolderOf(package.Digest);
        return Described(package).Select(path => BackupContent.OfFile(folder + path, FullOf(package, path), cancel))
            .Concat(package.Record.Files.Select(file => BackupContent.Known(folder + "files/" + file.Path, FullOf(package, "files/" + file.Path), file.Sha256, file.Facts.Size)));
    }

    /// <summary>What describes the package, by path in its folder.</summary>
    public static IReadOnlyDictionary<string, byte[]> Description(AdmittedPackage package) =>
        Described(package).ToDictionary(path => path, path => File.ReadAllBytes(FullOf(package, path)), StringComparer.Ordinal);

    /// <summary>The same, without the record of its admission.</summary>
    public static UnpackedDescription Unpacked(IReadOnlyDictionary<string, byte[]> description) => new(
        description["manifest.json"], description["holdfast.yaml"],
        [.. description.Where(one => one.Key.StartsWith("signatures/", StringComparison.Ordinal)).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (ReadOnlyMemory<byte>)one.Value)]);

    private static IEnumerable<string> Described(AdmittedPackage package) => Documents.Concat(
        Directory.EnumerateFiles(Path.Combine(package.Folder, "signatures"), "*.p7s").Select(file => "signatures/" + Path.GetFileName(file)).Order(StringComparer.Ordinal));

    private static string FullOf(AdmittedPackage package, string path) => Path.Combine(package.Folder, path.Replace('/', Path.DirectorySeparatorChar));
}
