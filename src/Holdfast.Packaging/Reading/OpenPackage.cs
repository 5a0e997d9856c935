using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Reading;

/// <summary>A package whose structure is sound: every blob that is named is there, once, and nothing else is. Its files are not read yet.</summary>
internal sealed class OpenPackage : IDisposable
{
    private readonly PackageBytes bytes;
    private readonly IReadOnlyDictionary<string, ZipEntry> entries;

    private OpenPackage(PackageBytes bytes, IReadOnlyDictionary<string, ZipEntry> entries, PackageLayout layout)
    {
        this.bytes = bytes;
        this.entries = entries;
        Layout = layout;
    }

    public PackageLayout Layout { get; }

    public bool HasReferrers => Layout.Index.Referrers.Count > 0;

    public long PackageBytes => bytes.Length;

    public IEnumerable<ZipEntry> Entries => entries.Values;

    public static Outcome<OpenPackage> Open(string file)
    {
        FilePackageBytes? content = null;
        try
        {
            content = new(File.OpenHandle(file, share: FileShare.Read | FileShare.Delete));
            var opened = Open(content, PackageLimits.Default);
            if (opened.IsOk) content = null;
            return opened;
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"read {file}");
        }
        finally
        {
            content?.Dispose();
        }
    }

    /// <summary>Takes the bytes over when it succeeds.</summary>
    public static Outcome<OpenPackage> Open(PackageBytes bytes, PackageLimits limits)
    {
        var directory = StoredZipReader.Read(bytes, limits);
        if (!directory.TryGet(out var entries)) return Outcome.Failed<OpenPackage>(directory.Problems);
        var layout = LayoutReader.Read(new BlobReader(bytes, entries), limits);
        return layout.TryGet(out var read) ? new OpenPackage(bytes, entries, read) : Outcome.Failed<OpenPackage>(layout.Problems);
    }

    /// <summary>The bytes of a blob, from the archive, unchecked: whoever reads them digests them.</summary>
    public Stream OpenEntry(ZipEntry entry) => new EntryStream(bytes, entry);

    /// <summary>Digests one blob, a buffer at a time, passing what it reads to the target, if there is one.</summary>
    public Problem? CheckBlob(string digest, string name, Stream? target, byte[] buffer, CancellationToken cancel)
    {
        var entry = entries[StoredZipReader.BlobFolder + PackageDigest.HexOf(digest)];
        return BlobCheck.Run(bytes, entry, digest, name, target, buffer, cancel);
    }

    public void Dispose() => bytes.Dispose();
}
