using Holdfast.Segments;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Auditing;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// Keeps the head beside the log, to notice that the log's end is missing. Two slots are written in turn, each with a checksum,
/// so one of them is always whole. An entry is on disk before its head is written, so the head is never ahead of the log.
/// </summary>
internal sealed class AuditHeadFile : IDisposable
{
    public const string Name = "head";

    private const int Slot = 128;

    private readonly SafeFileHandle file;

    private AuditHeadFile(SafeFileHandle file) => this.file = file;

    /// <summary>The kept head; null: there is no file, or neither of its slots can be read.</summary>
    public static AuditHead? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return null;
        // Its agent may have it open for writing, which Windows lets only who says so read.
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[2 * Slot];
        content = content[..RandomAccess.Read(handle, content, 0)];
        return content.Chunk(Slot).Select(Parse).OfType<AuditHead>().MaxBy(h => h.Sequence);
    }

    public static void Create(string folder, Action<string> syncFolder)
    {
        var path = Path.Combine(folder, Name);
        using (var handle = File.OpenHandle(path + ".new", FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, Format(AuditHead.Origin), 0);
            RandomAccess.Write(handle, Format(AuditHead.Origin), Slot);
            DiskSync.File(handle);
        }

        File.Move(path + ".new", path, overwrite: false);
        syncFolder(folder);
    }

    /// <summary>What the file holds when this is the head and nothing else was: for a copy of the log.</summary>
    public static byte[] Content(AuditHead head)
    {
        var content = new byte[2 * Slot];
        Format(AuditHead.Origin).CopyTo(content, (head.Sequence + 1) % 2 * Slot);
        Format(head).CopyTo(content, head.Sequence % 2 * Slot);
        return content;
    }

    public static AuditHeadFile Open(string folder) =>
        new(File.OpenHandle(Path.Combine(folder, Name), FileMode.Open, FileAccess.ReadWrite, FileShare.Read));

    /// <summary>Without a sync: a head that a power cut takes back is only an older one, and the log is ahead of it.</summary>
    public void Write(AuditHead head) => RandomAccess.Write(file, Format(head), head.Sequence % 2 * Slot);

    public void Dispose() => file.Dispose();

    private static byte[] Format(AuditHead head)
    {
        var slot = new byte[Slot];
        head.Sequence.TryFormat(slot, out _, "D20", CultureInfo.InvariantCulture);
        slot[20] = slot[85] = (byte)' ';
        Encoding.ASCII.GetBytes(head.Hash, slot.AsSpan(21));
        Checksum(slot.AsSpan(0, 86), slot.AsSpan(86, 41));
        slot[^1] = (byte)'\n';
        return slot;
    }

    private static AuditHead? Parse(byte[] slot)
    {
        Span<byte> checksum = stackalloc byte[41];
        if (slot.Length == Slot) Checksum(slot.AsSpan(0, 86), checksum);
        var text = Encoding.ASCII.GetString(slot);
        if (slot.Length != Slot || text[20] != ' ' || text[85] != ' ' || !slot.AsSpan(86, 41).SequenceEqual(checksum))
            return null;
        return long.TryParse(text[..20], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new AuditHead(sequence, text[21..85])
            : null;
    }

    /// <summary>41 digits, which make the slot full: 20 + 1 + 64 + 1 + 41 + newline.</summary>
    private static void Checksum(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        Span<byte> all = stackalloc byte[2 * SHA256.HashSizeInBytes];
        Convert.TryToHexStringLower(hash, all, out _);
        all[..digits.Length].CopyTo(digits);
    }
}
