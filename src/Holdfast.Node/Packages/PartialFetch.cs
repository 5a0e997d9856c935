using Holdfast.Core.Packages;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>
/// What has come of a package that is fetched: a file beside those of pushes, named by the package and by the archive that its bytes are of, so that a later try, with
/// another peer or another agent, goes on there. What nobody goes on with is swept with them.
/// </summary>
internal sealed class PartialFetch
{
    private readonly string folder;
    private readonly string package;

    public PartialFetch(Home home, string digest)
    {
        folder = home.Incoming;
        package = PackageDigest.HexOf(digest);
        var names = Directory.EnumerateFiles(folder, $"{package}.*{PartialPushes.Extension}").Select(file => Path.GetFileName(file)[(package.Length + 1)..^PartialPushes.Extension.Length]);
        Archive = names.Where(name => PackageDigest.IsHex(name)).Select(name => PackageDigest.Prefix + name).FirstOrDefault("");
    }

    /// <summary>Of which archive its bytes are; empty: there are none.</summary>
    public string Archive { get; private set; }

    public string File => Path.Combine(folder, $"{package}.{PackageDigest.HexOf(Archive)}{PartialPushes.Extension}");

    public long Received => Archive.Length > 0 && new FileInfo(File) is { Exists: true } file ? file.Length : 0;

    /// <summary>To write on at a place; what is there of another archive, or beyond the place, is gone.</summary>
    public FileStream Open(string archive, long from)
    {
        if (Archive != archive) Delete();
        Archive = archive;
        // Without a buffer of ours: what was taken in is in the file, whatever happens to us.
        var stream = new FileStream(File, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (stream.Length > from) stream.SetLength(from);
        stream.Position = from;
        return stream;
    }

    public void Delete()
    {
        if (Archive.Length > 0) System.IO.File.Delete(File);
        Archive = "";
    }
}
