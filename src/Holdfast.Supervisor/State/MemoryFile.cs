using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Supervisor.State;

/// <summary>
/// One document that is replaced often, in two slots that are written in place and in turns: whoever is interrupted spoils only
/// the older one. One system call and nothing allocated on the disk, so that it costs a restart next to nothing (a rename would
/// make the file system write the data out first) and succeeds on a full disk too. Not synced.
/// </summary>
internal sealed class MemoryFile : IDisposable
{
    /// <summary>Sparse: what is not used takes no space.</summary>
    private const int SlotBytes = 1 << 20;

    /// <summary>Checksum of all that follows, sequence, length.</summary>
    private const int SumBytes = 16;
    private const int HeadBytes = SumBytes + 8 + 4;

    private readonly SafeFileHandle handle;
    private long sequence;

    /// <exception cref="IOException">It cannot be opened or read.</exception>
    public MemoryFile(string path)
    {
        handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (var slot = 0; slot < 2; slot++)
        {
            if (Read(slot) is not { } found || found.Sequence <= sequence) continue;
            (sequence, Content) = (found.Sequence, found.Body);
        }
    }

    /// <summary>The document as it was when the file was opened; null: there was none that is whole.</summary>
    public byte[]? Content { get; }

    /// <exception cref="IOException">It is not written; what was there is untouched.</exception>
    public void Write(ReadOnlySpan<byte> body)
    {
        if (body.Length > SlotBytes - HeadBytes) throw new IOException($"{body.Length} bytes are more than a slot holds");
        var next = sequence + 1;
        var record = new byte[HeadBytes + body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(SumBytes), next);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(SumBytes + 8), body.Length);
        body.CopyTo(record.AsSpan(HeadBytes));
        Sum(record.AsSpan(SumBytes), record.AsSpan(0, SumBytes));
        RandomAccess.Write(handle, record, next % 2 * SlotBytes);
        sequence = next;
    }

    public void Dispose() => handle.Dispose();

    private (long Sequence, byte[] Body)? Read(int slot)
    {
        var head = new byte[HeadBytes];
        if (!Fill(head, (long)slot * SlotBytes)) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(SumBytes + 8));
        if (length is < 0 or > SlotBytes - HeadBytes) return null;
        var record = new byte[HeadBytes + length];
        if (!Fill(record, (long)slot * SlotBytes)) return null;
        Span<byte> sum = stackalloc byte[SumBytes];
        Sum(record.AsSpan(SumBytes), sum);
        if (!sum.SequenceEqual(record.AsSpan(0, SumBytes))) return null;
        return (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(SumBytes)), record[HeadBytes..]);
    }

    private bool Fill(Span<byte> into, long from)
    {
        while (!into.IsEmpty)
        {
            var count = RandomAccess.Read(handle, into, from);
            if (count == 0) return false;
            into = into[count..];
            from += count;
        }

        return true;
    }

    private static void Sum(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, whole);
        whole[..SumBytes].CopyTo(into);
    }
}
