using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Reading;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>A package that is being unpacked beside the store's packages, on the same file system: invisible until it is complete.</summary>
internal sealed class StagedPackage(string folder)
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode ReadOnlyFolder = ReadOnly | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Folder => folder;

    public string Files => Path.Combine(folder, "files");

    public void Create()
    {
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Files);
    }

    /// <summary>The file at its place; the manifest's paths were checked, so none leads out of the folder.</summary>
    public Stream Open(PackageFile file)
    {
        var path = PathOf(file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new UnpackedFile(path, ModeOf(file.Mode));
    }

    /// <summary>Beside the files: the manifest, the spec and the signatures, as they were in the package.</summary>
    public void WriteDescription(VerifiedPackage package)
    {
        var signatures = Path.Combine(folder, "signatures");
        Directory.CreateDirectory(signatures);
        Write(Path.Combine(folder, "manifest.json"), package.Manifest);
        Write(Path.Combine(folder, "holdfast.yaml"), package.Spec);
        for (var i = 0; i < package.Signatures.Count; i++) Write(Path.Combine(signatures, $"{i + 1}.p7s"), package.Signatures[i]);
        DurableFolder.Sync(signatures);
    }

    /// <summary>Closes every folder against writing, the deepest first, and syncs it.</summary>
    public Outcome<Done> CloseFolders()
    {
        foreach (var path in PackageFolders.Of(Directory.EnumerateFiles(Files, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Files, f).Replace('\\', '/'))).Reverse())
        {
            var place = PathOf(path);
            var closed = FolderRights.Set(place, ReadOnlyFolder);
            if (!closed.IsOk) return closed;
            DurableFolder.Sync(place);
        }

        return FolderRights.Set(folder, FolderRights.Public);
    }

    public Outcome<Done> WriteRecord(AdmissionRecord record, ReadOnlySpan<byte> key)
    {
        var written = DurableFile.Write(Path.Combine(folder, AdmissionRecords.FileName), AdmissionRecords.Seal(record, key), ReadOnly);
        if (written.IsOk) DurableFolder.Sync(folder);
        return written;
    }

    public string PathOf(string path) => path.Length == 0 ? Files : Path.Combine(Files, path.Replace('/', Path.DirectorySeparatorChar));

    public static UnixFileMode ModeOf(string mode) => (UnixFileMode)Convert.ToInt32(mode, 8);

    private static void Write(string path, ReadOnlyMemory<byte> content)
    {
        using UnpackedFile file = new(path, ReadOnly);
        file.Write(content.Span);
    }
}
