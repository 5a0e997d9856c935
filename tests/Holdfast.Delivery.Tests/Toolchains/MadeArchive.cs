using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Core.Packages;
using Holdfast.Core.Toolchains;
using Holdfast.Platform.Toolchains;

namespace Holdfast.Delivery.Tests.Toolchains;

/// <summary>A small archive that is laid out as Go's are, and a mirror's list of such archives.</summary>
internal sealed record MadeArchive(string FileName, GoVersion Version, byte[] Bytes)
{
    public string Digest => PackageDigest.Of(Bytes);

    public GoArchive Listed => new(Version, FileName, Digest, Bytes.Length);

    /// <param name="extra">More entries: path and content.</param>
    public static MadeArchive TarGz(string version, params (string Path, string Text)[] extra) => Tar(version, writer =>
    {
        foreach (var (path, text) in Files(version).Concat(extra)) writer.WriteEntry(File(path, text));
    });

    public static MadeArchive Tar(string version, Action<TarWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var zipped = new GZipStream(bytes, CompressionLevel.Fastest))
        using (var writer = new TarWriter(zipped, TarEntryFormat.Pax)) write(writer);
        return new($"go{version}.{GoPlaces.OperatingSystemName}-{GoPlaces.ArchitectureName}.tar.gz", GoVersion.Parse(version).Value, bytes.ToArray());
    }

    /// <param name="kind">The kind of a file in its Unix mode, as a link has another.</param>
    public static MadeArchive Zip(string version, int kind = 0x8000, params (string Path, string Text)[] extra)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            foreach (var (path, text) in Files(version).Concat(extra))
            {
                var entry = zip.CreateEntry(path);
                entry.ExternalAttributes = (path.StartsWith("go/bin/", StringComparison.Ordinal) ? kind | 0x1ED : 0x81A4) << 16;
                using var content = entry.Open();
                content.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return new($"go{version}.windows-amd64.zip", GoVersion.Parse(version).Value, bytes.ToArray());
    }

    public static PaxTarEntry File(string path, string text) => new(TarEntryType.RegularFile, path)
    {
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
        Mode = path.StartsWith("go/bin/", StringComparison.Ordinal) ? (UnixFileMode)0x1ED : (UnixFileMode)0x1A4,
    };

    public static byte[] List(params MadeArchive[] archives) => Encoding.UTF8.GetBytes(new JsonArray([.. archives.Select(archive => new JsonObject
    {
        ["version"] = $"go{archive.Version}",
        ["stable"] = true,
        ["files"] = new JsonArray(new JsonObject
        {
            ["filename"] = archive.FileName,
            ["os"] = GoPlaces.OperatingSystemName,
            ["arch"] = GoPlaces.ArchitectureName,
            ["version"] = $"go{archive.Version}",
            ["sha256"] = PackageDigest.HexOf(archive.Digest),
            ["size"] = archive.Bytes.Length,
            ["kind"] = "archive",
        }),
    })]).ToJsonString());

    private static IEnumerable<(string Path, string Text)> Files(string version) =>
    [
        ("go/VERSION", $"go{version}\ntime 2026-01-01T00:00:00Z\n"),
        ("go/bin/go", $"a program, built as go{version}, to be sure"),
        ("go/src/fmt/print.go", "package fmt\n"),
    ];
}
