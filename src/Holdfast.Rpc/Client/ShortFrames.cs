using System.Buffers.Binary;
using System.Text;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>The few frames of HTTP/2 (RFC 9113) and forms of HPACK (RFC 7541) that <see cref="ShortCall"/> needs.</summary>
internal static class ShortFrames
{
    public const int HeadBytes = 9;

    /// <summary>The protocol's smallest limit, which nobody has asked to raise.</summary>
    public const int MaxFrameBytes = 16 * 1024;

    /// <summary>The first of a client's.</summary>
    public const int Stream = 1;

    public const byte Data = 0, Headers = 1, Settings = 4, GoAway = 7;
    public const byte EndStream = 1, Ack = 1, EndHeaders = 4, Padded = 8;

    private const byte WindowUpdate = 8;

    public static byte[] SettingsTaken { get; } = [0, 0, 0, Settings, Ack, 0, 0, 0, 0];

    /// <summary>All that a client has to say for one call: preface, settings, window, headers, message.</summary>
    public static byte[] Request(string path, ReadOnlySpan<byte> message)
    {
        using var bytes = new MemoryStream();
        bytes.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        // No table of headers (1: 0 bytes), so that each stands for itself; a stream's window (4) of 16 MiB: nothing waits for more.
        Write(bytes, Settings, 0, 0, [0, 1, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0]);
        Write(bytes, WindowUpdate, 0, 0, [1, 0, 0, 0]);
        using var fields = new MemoryStream();
        // From the static table: POST, http, then the names :path (4), :authority (1), content-type (31).
        fields.Write([0x83, 0x86, 0x04]);
        Text(fields, path);
        fields.WriteByte(0x01);
        Text(fields, "localhost");
        fields.Write([0x0f, 0x10]);
        Text(fields, HeaderNames.ContentType);
        fields.WriteByte(0x00);
        Text(fields, "te");
        Text(fields, "trailers");
        Write(bytes, Headers, EndHeaders, Stream, fields.ToArray());
        Write(bytes, Data, EndStream, Stream, message);
        return bytes.ToArray();
    }

    public static (int Length, byte Type, byte Flags, int Stream) Read(ReadOnlySpan<byte> head) =>
        (head[0] << 16 | head[1] << 8 | head[2], head[3], head[4], (int)(BinaryPrimitives.ReadUInt32BigEndian(head[5..]) & 0x7fff_ffff));

    /// <summary>Whether there is one message, whole and not compressed.</summary>
    public static bool IsOneMessage(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= MessageWriting.HeaderBytes && bytes[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) == bytes.Length - MessageWriting.HeaderBytes;

    /// <summary>Whether trailers say grpc-status 0, in forms that are understood here: names and values in plain text.</summary>
    public static bool SaysOk(ReadOnlySpan<byte> fields)
    {
        var ok = false;
        while (!fields.IsEmpty)
        {
            var first = fields[0];
            if (first >= 0x80)
            {
                // A whole field of the static table: none of them is grpc's.
                if (first == 0xff) return false;
                fields = fields[1..];
            }
            else if (first is >= 0x20 and < 0x40)
            {
                // The table's size, which we said is none.
                if (first != 0x20) return false;
                fields = fields[1..];
            }
            else
            {
                // A literal: its name from the table, or written out where the number is 0.
                var mask = first >= 0x40 ? 0x3f : 0x0f;
                var number = first & mask;
                if (number == mask) return false;
                fields = fields[1..];
                ReadOnlySpan<byte> name = default;
                if (number == 0 && !TryText(ref fields, out name)) return false;
                if (!TryText(ref fields, out var value)) return false;
                if (name.SequenceEqual("grpc-status"u8))
                {
                    if (!value.SequenceEqual("0"u8)) return false;
                    ok = true;
                }
            }
        }

        return ok;
    }

    private static bool TryText(scoped ref ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> text)
    {
        text = default;
        // From 0x7f on the length goes on in further bytes, from 0x80 on the text is in Huffman's code.
        if (fields.IsEmpty || fields[0] >= 0x7f || fields.Length <= fields[0]) return false;
        text = fields[1..(1 + fields[0])];
        fields = fields[(1 + fields[0])..];
        return true;
    }

    private static void Write(MemoryStream bytes, byte type, byte flags, byte stream, ReadOnlySpan<byte> content)
    {
        bytes.Write([(byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, type, flags, 0, 0, 0, stream]);
        bytes.Write(content);
    }

    private static void Text(MemoryStream fields, string text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, 0x7e);
        fields.WriteByte((byte)text.Length);
        fields.Write(Encoding.ASCII.GetBytes(text));
    }
}
