using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Integration.Tests.Crash.Disk;

/// <summary>What a program did to the home, in the order in which it was done: the stream that inject.c records.</summary>
/// <param name="Kind">C create, T create or empty, W write, F cut or extend, S synced, R rename, L link, U unlink, M mkdir, D rmdir; A: somebody was told that something is done.</param>
/// <param name="Path">Below the home; . is the home itself.</param>
/// <param name="Offset">Of a write; of F the new length.</param>
/// <param name="Data">Of a write its bytes; of R and L the new path; of A what was told.</param>
internal sealed record DiskEvent(char Kind, string Path, long Offset, ReadOnlyMemory<byte> Data)
{
    private const int HeadBytes = 20;

    public string Text => Encoding.UTF8.GetString(Data.Span);

    public static List<DiskEvent> Read(string file)
    {
        var all = File.ReadAllBytes(file);
        var events = new List<DiskEvent>();
        for (var at = 0; at < all.Length;)
        {
            var head = all.AsSpan(at, HeadBytes);
            var path = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
            var data = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
            events.Add(new(
                (char)BinaryPrimitives.ReadInt32LittleEndian(head),
                Encoding.UTF8.GetString(all, at + HeadBytes, path),
                BinaryPrimitives.ReadInt64LittleEndian(head[12..]),
                all.AsMemory(at + HeadBytes + path, data)));
            at += HeadBytes + path + data;
        }

        return events;
    }

    /// <summary>Adds to the stream that from here on somebody relies on something.</summary>
    public static void Acknowledge(string file, string what)
    {
        var text = Encoding.UTF8.GetBytes(what);
        var bytes = new byte[HeadBytes + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, 'A');
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), text.Length);
        text.CopyTo(bytes, HeadBytes);
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(bytes);
    }
}
