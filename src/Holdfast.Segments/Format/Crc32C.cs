using System.Buffers.Binary;
using System.Numerics;

namespace Holdfast.Segments;

/// <summary>CRC-32C (Castagnoli), eight bytes a step: an instruction on every processor that we meet.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Add(Start, bytes));

    public const uint Start = uint.MaxValue;

    public static uint Finish(uint state) => ~state;

    public static uint Add(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
            state = BitOperations.Crc32C(state, b);
        return state;
    }
}
