namespace Holdfast.Packaging.Zip;

/// <summary>Content on its way into an archive of which only a part may be wanted: its checksum is computed when a header needs it, and once.</summary>
internal sealed class ZipContent(string name, long size, Func<Stream> open)
{
    private const int BufferBytes = 1 << 17;

    private readonly Lazy<uint> crc = new(() => CrcOf(open));

    public string Name => name;

    public long Size => size;

    public uint Crc => crc.Value;

    public Stream Open() => open();

    public static ZipContent Of(string name, ReadOnlyMemory<byte> content) => new(name, content.Length, () => new MemoryStream(content.ToArray(), writable: false));

    private static uint CrcOf(Func<Stream> open)
    {
        using var content = open();
        var buffer = new byte[BufferBytes];
        var sum = Crc32.Start();
        for (int read; (read = content.Read(buffer)) > 0;) sum.Append(buffer.AsSpan(0, read));
        return sum.Value;
    }
}
