using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Segments.Files;

namespace Holdfast.Segments.Packing;

/// <summary>A packed segment, read as the segment that it was. What is damaged in it reads as zeros, so whoever reads finds no block there and goes on behind it.</summary>
internal sealed class PackedFile : ISegmentFile
{
    private readonly ISegmentFile file;
    private readonly PackedHeader header;
    private readonly SegmentKeys keys;
    private readonly string name;
    private readonly byte[] headerBytes;
    private PackedFrame[]? frames;
    private long[] offsets = [];
    private AesGcm? cipher;
    private byte[] plain = [], stored = [], room = [];
    private int held = -1;

    private PackedFile(ISegmentFile file, PackedHeader header, SegmentKeys keys, string name)
    {
        (this.file, this.header, this.keys, this.name) = (file, header, keys, name);
        headerBytes = header.ToBytes();
    }

    public long Length => header.Length;

    /// <summary>The file itself if it is not packed.</summary>
    /// <param name="file">Opened for reading; ended with what is returned.</param>
    /// <param name="keys">For what is encrypted.</param>
    /// <param name="name">For messages.</param>
    public static ISegmentFile Of(ISegmentFile file, SegmentKeys keys, string name)
    {
        try
        {
            return PackedHeader.Of(file) is { } header ? new PackedFile(file, header, keys, name) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The file cannot be read, or the key that it is encrypted with is not here.</exception>
    public int Read(long offset, Span<byte> bytes)
    {
        if (offset + bytes.Length <= FileHeader.Size)
        {
            header.Segment.AsSpan((int)offset, bytes.Length).CopyTo(bytes);
            return bytes.Length;
        }

        var total = 0;
        while (total < bytes.Length && offset + total < header.Length)
        {
            var at = offset + total;
            var frame = Hold((int)(at / header.FrameSize));
            var rest = frame[(int)(at % header.FrameSize)..];
            var count = Math.Min(rest.Length, bytes.Length - total);
            rest[..count].CopyTo(bytes[total..]);
            total += count;
        }

        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => throw new InvalidOperationException("A packed segment is not written.");

    public void Truncate(long length) => throw new InvalidOperationException("A packed segment is not written.");

    public void Sync() => file.Sync();

    public void Dispose()
    {
        foreach (var buffer in new[] { plain, stored, room })
        {
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: header.IsEncrypted);
        }

        (plain, stored, room) = ([], [], []);
        cipher?.Dispose();
        file.Dispose();
    }

    private ReadOnlySpan<byte> Hold(int number)
    {
        var size = (int)Math.Min(header.FrameSize, header.Length - ((long)number * header.FrameSize));
        if (held == number) return plain.AsSpan(0, size);
        Prepare();
        held = -1;
        var frame = frames![number];
        var isWhole = frame.Length <= PackedFrame.Most(header.FrameSize)
            && file.Read(offsets[number], stored.AsSpan(0, frame.Length)) == frame.Length
            && frame.TryOpen(stored.AsSpan(0, frame.Length), number, cipher, headerBytes, plain.AsSpan(0, size), room);
        if (!isWhole) plain.AsSpan(0, size).Clear();
        held = number;
        return plain.AsSpan(0, size);
    }

    private void Prepare()
    {
        if (header.IsEncrypted && cipher is null)
        {
            var key = keys.Find(header.KeyId) ?? throw new IOException($"'{name}' is encrypted with the key {header.KeyId:n}, which is not here");
            cipher = key.Of(header.Salt);
        }

        if (frames is not null) return;
        var table = new byte[header.TableSize];
        var isWhole = file.Read(PackedHeader.Size, table) == table.Length && BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(table.Length - 4)) == Crc32C.Of(table.AsSpan(0, table.Length - 4));
        var found = new PackedFrame[header.Frames];
        offsets = new long[header.Frames];
        var offset = (long)PackedHeader.Size + table.Length;
        for (var i = 0; i < found.Length; i++)
        {
            // Without its table nothing of it can be found: each frame is damaged.
            found[i] = isWhole ? PackedFrame.Read(table.AsSpan(i * PackedFrame.EntrySize)) : new(0, false, 1);
            offsets[i] = offset;
            offset += found[i].Length;
        }

        var most = PackedFrame.Most(header.FrameSize);
        (plain, stored, room) = (ArrayPool<byte>.Shared.Rent(most), ArrayPool<byte>.Shared.Rent(most), header.IsEncrypted ? ArrayPool<byte>.Shared.Rent(most) : []);
        frames = found;
    }
}
