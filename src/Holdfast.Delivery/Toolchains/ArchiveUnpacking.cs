using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;

namespace Holdfast.Delivery.Toolchains;

/// <summary>
/// Unpacks an archive of Go, whose files are all below <c>go/</c>, into a folder of its own. Names that leave it, links, devices and more than the limits are refused:
/// Go's own archives hold none, and a mirror's list says only that the archive is the one which it means.
/// </summary>
internal sealed class ArchiveUnpacking(IToolchainDisk disk, string folder, CancellationToken cancel)
{
    private const string Top = "go";
    private const int BufferBytes = 1 << 17;
    private const int UnixKindMask = 0xF000;
    private const int UnixRegularFile = 0x8000;
    private const int UnixFolder = 0x4000;

    private readonly List<TreeEntry> entries = [];
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> folders = new(StringComparer.Ordinal);
    private readonly byte[] buffer = new byte[BufferBytes];
    private long bytes;

    /// <param name="archive">The whole archive.</param>
    /// <param name="isZip">Else it is .tar.gz.</param>
    /// <returns>What was written, below <c>go/</c>; or <c>toolchain.archive</c> and <c>toolchain.archive-entry</c>. What was written stays: the caller removes the folder.</returns>
    public Outcome<TreeList> Run(Stream archive, bool isZip)
    {
        try
        {
            var problem = isZip ? Zip(archive) : Tar(archive);
            if (problem is not null) return problem;
            return entries.Count > 0 ? TreeList.Of(entries) : new Problem(ProblemKind.Refused, "toolchain.archive", "the archive is empty");
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or FormatException)
        {
            return new Problem(ProblemKind.Damaged, "toolchain.archive", $"the archive cannot be unpacked: {failure.Message}");
        }
    }

    private Problem? Tar(Stream archive)
    {
        using GZipStream unpacked = new(archive, CompressionMode.Decompress);
        using TarReader reader = new(unpacked);
        while (reader.GetNextEntry() is { } entry)
        {
            cancel.ThrowIfCancellationRequested();
            if (entry.EntryType == TarEntryType.GlobalExtendedAttributes) continue;
            var isFolder = entry.EntryType == TarEntryType.Directory;
            if (!isFolder && entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) return Refuse(entry.Name, $"it is a {entry.EntryType}, and only files and folders are taken");
            var executable = (entry.Mode & UnixFileMode.UserExecute) != 0;
            if (Take(entry.Name, isFolder, executable, entry.DataStream ?? Stream.Null) is { } problem) return problem;
        }

        return null;
    }

    private Problem? Zip(Stream archive)
    {
        using ZipArchive zip = new(archive, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            cancel.ThrowIfCancellationRequested();
            var mode = entry.ExternalAttributes >> 16;
            var kind = mode & UnixKindMask;
            if (kind is not (0 or UnixRegularFile or UnixFolder)) return Refuse(entry.FullName, "it is a link or a device, and only files and folders are taken");
            using var content = entry.Open();
            if (Take(entry.FullName, entry.FullName.EndsWith('/'), (mode & (int)UnixFileMode.UserExecute) != 0, content) is { } problem) return problem;
        }

        return null;
    }

    private Problem? Take(string name, bool isFolder, bool executable, Stream content)
    {
        var path = isFolder ? name.TrimEnd('/') : name;
        if (PackagePath.WhyBad(path) is { } why) return Refuse(name, why);
        if (path == Top && isFolder) return null;
        if (!path.StartsWith(Top + "/", StringComparison.Ordinal)) return Refuse(name, $"it is not below {Top}/");
        var inside = path[(Top.Length + 1)..];
        if (isFolder)
        {
            MakeFolder(inside);
            return null;
        }

        if (!names.Add(inside)) return Refuse(name, "it is there twice, or with other cases");
        if (names.Count > ToolchainLimits.MostFiles) return Refuse(name, $"there are more than {ToolchainLimits.MostFiles} files");
        if (inside.LastIndexOf('/') is var slash and > 0) MakeFolder(inside[..slash]);
        return Write(inside, executable, content) ? null : Refuse(name, $"the files are more than {ToolchainLimits.MostBytes} bytes");
    }

    private void MakeFolder(string path)
    {
        if (folders.Add(path)) disk.MakeFolder(Path.Combine(folder, path));
    }

    /// <summary>False: it would be more than the limit.</summary>
    private bool Write(string path, bool executable, Stream content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = disk.Create(Path.Combine(folder, path), executable);
        var size = 0L;
        while (content.Read(buffer) is var count and > 0)
        {
            bytes += count;
            if (bytes > ToolchainLimits.MostBytes) return false;
            hash.AppendData(buffer, 0, count);
            file.Write(buffer.AsSpan(0, count));
            size += count;
        }

        entries.Add(new(path, TreeScan.KindOf(executable), size, PackageDigest.FromHash(hash.GetHashAndReset())));
        return true;
    }

    private static Problem Refuse(string name, string why) => new(ProblemKind.Refused, "toolchain.archive-entry", $"the archive holds '{name}', which is not unpacked")
    {
        Why = why,
        Mend = "this is no archive of Go: take another mirror",
    };
}
