using System.Security.Cryptography;
using Holdfast.Packaging.Content;

namespace Holdfast.Packaging.Zip;

/// <summary>Content on its way into an archive: its size and checksum are known before the first byte is written.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Crc">Of the content.</param>
/// <param name="Open">A stream of the content.</param>
internal sealed record ZipSource(string Name, long Size, uint Crc, Func<Stream> Open)
{
    public static ZipSource Of(string name, ReadOnlyMemory<byte> content) =>
        new(name, content.Length, Crc32.Of(content.Span), () => new MemoryStream(content.ToArray(), writable: false));
}

/// <summary>The content that was written is not the content that was announced: a file changed while it was packed.</summary>
internal sealed class ContentChangedException(string name) : IOException($"{name} changed while it was read");

/// <summary>Writes stored entries, sorted by name, in the one way there is (<see cref="ZipFormat"/>).</summary>
internal static class StoredZipWriter
{
    private const int BufferBytes = 1 << 17;

    /// <summary>The size of the file that <see cref="Write"/> will write.</summary>
    public static long LengthOf(IEnumerable<ZipSource> sources) =>
        ZipFormat.EndLength + sources.Sum(s => s.Size + ZipFormat.LocalLength + ZipFormat.CentralLength + 2L * s.Name.Length);

    /// <exception cref="ContentChangedException">A blob's content does not have the digest that its name says, or another size.</exception>
    public static void Write(Stream output, IEnumerable<ZipSource> sources)
    {
        List<ZipEntry> entries = [];
        long offset = 0;
        var buffer = new byte[BufferBytes];
        foreach (var source in sources.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            ZipEntry entry = new(source.Name, source.Size, source.Crc, offset);
            output.Write(ZipFormat.LocalHeader(entry));
            Copy(source, output, buffer);
            entries.Add(entry);
            offset = entry.End;
        }

        long length = 0;
        foreach (var header in entries.Select(ZipFormat.CentralHeader))
        {
            output.Write(header);
            length += header.Length;
        }

        output.Write(ZipFormat.End(entries.Count, offset, length));
    }

    private static void Copy(ZipSource source, Stream output, byte[] buffer)
    {
        using var content = source.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            total += read;
            if (total > source.Size) throw new ContentChangedException(source.Name);
            hash.AppendData(buffer, 0, read);
            output.Write(buffer, 0, read);
        }

        var isBlob = source.Name.StartsWith(StoredZipReader.BlobFolder, StringComparison.Ordinal);
        if (total != source.Size || (isBlob && !source.Name.EndsWith(Convert.ToHexStringLower(hash.GetHashAndReset()), StringComparison.Ordinal)))
            throw new ContentChangedException(source.Name);
    }
}
