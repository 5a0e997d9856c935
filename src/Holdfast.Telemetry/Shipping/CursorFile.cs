using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Core.Shipping;
using Holdfast.Segments;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Telemetry.Shipping;

/// <summary>
/// Where a sink is in one stream, on disk. Two slots are written in turn, each with a checksum and a number: one of them is always whole, and a write that a crash has torn is one that was
/// not made. What a power cut takes back is an older place: the lines behind it are sent again, under the same ids.
/// </summary>
/// <remarks>Regressions: beats#3537 (an empty registry after a power failure), vector#20753 (an empty checkpoint file).</remarks>
internal sealed class CursorFile : IDisposable
{
    private const int Slot = 128;
    private const int Content = 88;
    private const int Mark = 0x4843_0001;

    private readonly SafeFileHandle file;
    private long number;

    private CursorFile(SafeFileHandle file) => this.file = file;

    /// <summary>Null: the sink has not begun with the stream, or nothing of the file can be read.</summary>
    public StreamPosition? Position { get; private set; }

    /// <summary>It has content of which nothing can be read.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Makes the file if there is none. Throws IOException and UnauthorizedAccessException.</summary>
    public static CursorFile Open(string path)
    {
        var made = !File.Exists(path);
        var cursor = new CursorFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        try
        {
            if (made) DiskSync.Folder(Path.GetDirectoryName(path)!);
            cursor.Read();
        }
        catch
        {
            cursor.Dispose();
            throw;
        }

        return cursor;
    }

    /// <summary>Throws IOException: the place on disk is the one before.</summary>
    /// <param name="isLasting">It is to outlast a power cut.</param>
    public void Write(StreamPosition position, bool isLasting)
    {
        Span<byte> slot = stackalloc byte[Slot];
        slot.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(slot, Mark);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], number + 1);
        position.Set.TryWriteBytes(slot[16..]);
        var at = 32;
        foreach (var value in (ReadOnlySpan<long>)[position.Count.From, position.Count.Next, position.Count.Delivered, position.Count.PutAside, position.Count.Lost])
        {
            BinaryPrimitives.WriteInt64LittleEndian(slot[at..], value);
            at += sizeof(long);
        }

        SHA256.HashData(slot[..Content], slot[Content..(Content + SHA256.HashSizeInBytes)]);
        RandomAccess.Write(file, slot, (number + 1) % 2 * Slot);
        if (isLasting) DiskSync.File(file);
        number++;
        Position = position;
    }

    public void Dispose() => file.Dispose();

    private void Read()
    {
        var content = new byte[2 * Slot];
        content = content[..RandomAccess.Read(file, content, 0)];
        foreach (var slot in content.Chunk(Slot))
        {
            if (Parse(slot) is not { } read || read.Number < number) continue;
            (number, Position) = (read.Number, read.Position);
        }

        IsDamaged = Position is null && content.AsSpan().ContainsAnyExcept((byte)0);
    }

    private static (long Number, StreamPosition Position)? Parse(ReadOnlySpan<byte> slot)
    {
        if (slot.Length != Slot || BinaryPrimitives.ReadInt32LittleEndian(slot) != Mark) return null;
        if (!SHA256.HashData(slot[..Content]).AsSpan().SequenceEqual(slot[Content..(Content + SHA256.HashSizeInBytes)])) return null;
        Span<long> values = stackalloc long[5];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadInt64LittleEndian(slot[(32 + (i * sizeof(long)))..]);
        var count = new StreamCount(values[0], values[1], values[2], values[3], values[4]);
        return count.IsBalanced ? (BinaryPrimitives.ReadInt64LittleEndian(slot[8..]), new(new Guid(slot[16..32]), count)) : null;
    }
}
