using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>Text of two bytes a unit (UTF-16), in which a byte 0x0A is no newline and a zero is half of a letter. A file of it is read from one whole unit to another.</summary>
internal static class WideText
{
    private const int Unit = 2;

    public static bool Is([NotNullWhen(true)] Encoding? encoding) => encoding is UnicodeEncoding;

    /// <summary>Behind the last newline; 0: there is none.</summary>
    public static int LinesEnd(ReadOnlySpan<byte> raw, Encoding encoding)
    {
        var newline = MemoryMarshal.Cast<byte, ushort>(encoding.GetBytes("\n"))[0];
        return (MemoryMarshal.Cast<byte, ushort>(raw[..Whole(raw.Length)]).LastIndexOf(newline) + 1) * Unit;
    }

    /// <summary>Without units of zero at its end.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> raw)
    {
        var end = raw.TrimEnd((byte)0).Length;
        return raw[..Math.Min(raw.Length, end + (end % Unit))];
    }

    /// <summary>Bytes of whole units in so many.</summary>
    public static int Whole(int bytes) => bytes - (bytes % Unit);

    /// <summary>The length without half a unit, or half of a pair of units, at its end.</summary>
    public static int Complete(ReadOnlySpan<byte> raw, Encoding encoding)
    {
        var length = Whole(raw.Length);
        if (length == 0) return 0;
        var last = encoding.CodePage == Encoding.Unicode.CodePage ? BinaryPrimitives.ReadUInt16LittleEndian(raw[(length - Unit)..]) : BinaryPrimitives.ReadUInt16BigEndian(raw[(length - Unit)..]);
        return char.IsHighSurrogate((char)last) ? length - Unit : length;
    }

    /// <returns>How many bytes were written; what is no text becomes U+FFFD.</returns>
    public static int ToUtf8(ReadOnlySpan<byte> raw, Encoding encoding, Span<byte> into)
    {
        var chars = ArrayPool<char>.Shared.Rent((raw.Length / Unit) + 1);
        try
        {
            return Encoding.UTF8.GetBytes(chars.AsSpan(0, encoding.GetChars(raw, chars)), into);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }
}
