using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Rpc.Wire;

/// <summary>
/// The few frames of HTTP/2 (RFC 9113) and forms of HPACK (RFC 7541) that one short call needs. It stands alone: the supervisor has this very file for its
/// probes, and nothing else of this project.
/// </summary>
internal static class ShortFrames
{
    public const int HeadBytes = 9;

    /// <summary>The protocol's smallest limit, which nobody has asked to raise.</summary>
    public const int MaxFrameBytes = 16 * 1024;

    /// <summary>The first of a client's.</summary>
    public const int Stream = 1;

    /// <summary>Flag and length, which stand before each message.</summary>
    public const int MessageHeaderBytes = 5;

    public const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, GoAway = 7;
    public const byte EndStream = 1, Ack = 1, EndHeaders = 4, Padded = 8, Priority = 0x20;

    private const byte WindowUpdate = 8;

    /// <summary>The first and the last of <c>:status</c> in the static table, and what they say.</summary>
    private const int FirstStatus = 8, LastStatus = 14;

    private static readonly int[] Statuses = [200, 204, 206, 304, 400, 404, 500];

    public static byte[] SettingsTaken { get; } = [0, 0, 0, Settings, Ack, 0, 0, 0, 0];

    /// <summary>All that a client has to say for one call: preface, settings, window, headers, message.</summary>
    /// <param name="message">With its header.</param>
    /// <param name="authority">Whom it asks, as it was called.</param>
    public static byte[] Request(string path, ReadOnlySpan<byte> message, string authority = "localhost")
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
        Text(fields, authority);
        fields.Write([0x0f, 0x10]);
        Text(fields, "application/grpc");
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
        bytes.Length >= MessageHeaderBytes && bytes[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) == bytes.Length - MessageHeaderBytes;

    /// <summary>Whether trailers say grpc-status 0.</summary>
    public static bool SaysOk(ReadOnlySpan<byte> fields) => Status(fields) is { Grpc: 0 };

    /// <summary>What a block of headers says of HTTP's status and gRPC's, each null where it does not; null: it cannot be read.</summary>
    public static (int? Http, int? Grpc)? Status(ReadOnlySpan<byte> fields)
    {
        int? http = null, grpc = null;
        while (!fields.IsEmpty)
        {
            var first = fields[0];
            if (first >= 0x80)
            {
                // A whole field of the static table; we said that there is no other.
                if (!TryNumber(ref fields, 7, out var whole)) return null;
                if (whole is >= FirstStatus and <= LastStatus) http = Statuses[whole - FirstStatus];
            }
            else if (first is >= 0x20 and < 0x40)
            {
                // The table's size.
                if (!TryNumber(ref fields, 5, out _)) return null;
            }
            else
            {
                // A literal: its name from the table, or written out where the number is 0.
                if (!TryNumber(ref fields, first >= 0x40 ? 6 : 4, out var number)) return null;
                var name = default(ReadOnlySpan<byte>);
                var nameIsPacked = false;
                if (number == 0 && !TryText(ref fields, out name, out nameIsPacked)) return null;
                if (!TryText(ref fields, out var value, out var valueIsPacked)) return null;
                if (number is >= FirstStatus and <= LastStatus) http = Number(value, valueIsPacked);
                else if (name.SequenceEqual(nameIsPacked ? PackedGrpcStatus : "grpc-status"u8)) grpc = Number(value, valueIsPacked);
            }
        }

        return (http, grpc);
    }

    /// <summary><c>grpc-status</c> in Huffman's code.</summary>
    private static ReadOnlySpan<byte> PackedGrpcStatus => [0x9a, 0xca, 0xc8, 0xb2, 0x12, 0x34, 0xda, 0x8f];

    /// <summary>-1: it is none. In Huffman's code digits are no shorter, so nobody packs them.</summary>
    private static int Number(ReadOnlySpan<byte> value, bool isPacked) =>
        !isPacked && System.Buffers.Text.Utf8Parser.TryParse(value, out int number, out var used) && used == value.Length ? number : -1;

    /// <summary>RFC 7541, 5.1; what is longer than any header is refused.</summary>
    private static bool TryNumber(scoped ref ReadOnlySpan<byte> fields, int bits, out int number)
    {
        number = 0;
        if (fields.IsEmpty) return false;
        var mask = (1 << bits) - 1;
        number = fields[0] & mask;
        fields = fields[1..];
        if (number < mask) return true;
        for (var shift = 0; shift <= 14 && !fields.IsEmpty; shift += 7)
        {
            var next = fields[0];
            fields = fields[1..];
            number += (next & 0x7f) << shift;
            if (next < 0x80) return true;
        }

        return false;
    }

    private static bool TryText(scoped ref ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> text, out bool isPacked)
    {
        text = default;
        isPacked = !fields.IsEmpty && fields[0] >= 0x80;
        if (!TryNumber(ref fields, 7, out var length) || length > fields.Length) return false;
        text = fields[..length];
        fields = fields[length..];
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
