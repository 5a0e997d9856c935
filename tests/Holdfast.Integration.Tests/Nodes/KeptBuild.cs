using System.Formats.Tar;
using System.IO.Compression;

namespace Holdfast.Integration.Tests.Nodes;

/// <summary>The version before this one, as it was built then (eng/keep.sh): its own files over what both versions share.</summary>
public static class KeptBuild
{
    private static string Archive { get; } = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Kept"), "holdfast-*.tar.gz").Single();

    public static string Version { get; } = Path.GetFileName(Archive)["holdfast-".Length..^".tar.gz".Length];

    /// <summary>Lays it out in a folder of the node.</summary>
    public static string LayOut(TestNode node)
    {
        var folder = node.CopyOfPrograms("kept");
        foreach (var file in Directory.EnumerateFiles(folder, "holdfast*").Concat(Directory.EnumerateFiles(folder, "Holdfast.*.dll"))) File.Delete(file);
        using var packed = File.OpenRead(Archive);
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unpacked, folder, overwriteFiles: true);
        return folder;
    }
}
