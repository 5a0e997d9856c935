using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Holdfast.Rpc.Wire;

/// <summary>The one compression that is spoken here. Every message is packed by itself, as gRPC wants it.</summary>
internal static class Gzip
{
    public const string Name = "gzip";

    private const int PartBytes = 16 * 1024;

    /// <summary>Header and trailer of RFC 1952, around nothing.</summary>
    private const int LeastBytes = 18;

    public static ReadOnlyMemory<byte> Pack(ReadOnlySpan<byte> plain)
    {
        using var packed = new MemoryStream(plain.Length / 2 + 64);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    /// <summary>Stops at the limit, however much more there would be: a few packed bytes may stand for very many.</summary>
    /// <exception cref="RpcException">It is more than <paramref name="maxBytes"/>, or not packed with gzip.</exception>
    public static ReadOnlySequence<byte> Unpack(ReadOnlySequence<byte> packed, int maxBytes)
    {
        var plain = new ArrayBufferWriter<byte>();
        // What .NET's packer makes of nothing, and so what its programs send for an empty message.
        if (packed.IsEmpty) return packed;
        if (packed.Length < LeastBytes) throw Unreadable(null);
        try
        {
            using var gzip = new GZipStream(PipeReader.Create(packed).AsStream(), CompressionMode.Decompress);
            while (gzip.Read(plain.GetSpan(PartBytes)) is var count and > 0)
            {
                plain.Advance(count);
                if (plain.WrittenCount > maxBytes)
                    throw new RpcException(StatusCode.ResourceExhausted, $"a compressed message is larger than the {maxBytes} bytes that are taken, when unpacked");
            }
        }
        catch (InvalidDataException e)
        {
            throw Unreadable(e);
        }

        // What was cut short is not an error to the framework; the length at the end tells (RFC 1952, ISIZE).
        Span<byte> length = stackalloc byte[sizeof(uint)];
        packed.Slice(packed.Length - length.Length).CopyTo(length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(length) != (uint)plain.WrittenCount) throw Unreadable(null);
        return new ReadOnlySequence<byte>(plain.WrittenMemory);
    }

    private static RpcException Unreadable(Exception? e) => new(new RpcStatus(StatusCode.Internal, "a compressed message cannot be unpacked"), inner: e);
}
