namespace Holdfast.Integration.Tests.Crash.Disk;

/// <summary>A file's content as the programs see it, and what of it a power cut may leave.</summary>
internal sealed class DiskFile
{
    /// <summary>What a disk writes whole or not at all.</summary>
    private const int SectorBytes = 512;

    private const int PageBytes = 4096;

    private readonly List<(long Offset, ReadOnlyMemory<byte>? Data)> unsynced = [];
    private byte[] synced = [];

    public void Write(long offset, ReadOnlyMemory<byte> data) => unsynced.Add((offset, data));

    public void SetLength(long length) => unsynced.Add((length, null));

    public void Sync()
    {
        foreach (var (offset, data) in unsynced)
            synced = Apply(synced, offset, data, _ => true);
        unsynced.Clear();
    }

    /// <summary>The content after a power cut: everything that was synced, and of the rest what chance has left.</summary>
    public byte[] AfterPowerCut(Random random)
    {
        var content = synced;
        var unit = random.Next(2) == 0 ? SectorBytes : PageBytes;
        var way = random.Next(4);
        // All lost; all there; the first so many; any of them. The last one that is there may be torn.
        var reached = way switch { 0 => 0, 1 => unsynced.Count, _ => random.Next(unsynced.Count + 1) };
        for (var i = 0; i < unsynced.Count; i++)
        {
            var (offset, data) = unsynced[i];
            if (way == 3)
            {
                // Lengths are kept in order by every file system in use; the bytes are not.
                var chance = random.Next(3);
                if (data is null || chance > 0)
                    content = Apply(content, offset, data, _ => chance == 2 || random.Next(2) == 0, unit);
            }
            else if (i < reached)
            {
                content = Apply(content, offset, data, _ => true);
            }
            else if (i == reached && way == 2 && data is not null)
            {
                content = Apply(content, offset, data, _ => random.Next(2) == 0, unit);
            }
        }

        return content;
    }

    private static byte[] Apply(byte[] content, long offset, ReadOnlyMemory<byte>? data, Func<long, bool> reaches, int unit = int.MaxValue)
    {
        if (data is not { } bytes)
        {
            var cut = new byte[offset];
            content.AsSpan(0, (int)Math.Min(offset, content.Length)).CopyTo(cut);
            return cut;
        }

        var end = (int)offset + bytes.Length;
        if (content.Length < end)
            Array.Resize(ref content, end);
        else
            content = [.. content];
        for (var at = (int)offset; at < end;)
        {
            var next = unit == int.MaxValue ? end : Math.Min(end, ((at / unit) + 1) * unit);
            if (reaches(at))
                bytes.Span[(at - (int)offset)..(next - (int)offset)].CopyTo(content.AsSpan(at));
            at = next;
        }

        return content;
    }
}
