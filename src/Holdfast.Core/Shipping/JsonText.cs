using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Core.Shipping;

/// <summary>
/// Where the parts of a JSON text end, by RFC 8259 to the letter: what is no JSON to <see cref="System.Text.Json.Utf8JsonReader"/> is none here. It looks at each byte once and at 16 of a string at
/// a time, and makes nothing of them: what is to be known of a line is where its members are.
/// </summary>
internal static class JsonText
{
    /// <summary>In place of an end: it is no JSON.</summary>
    public const int None = -1;

    /// <summary>Zero behind the end: it is a part of nothing.</summary>
    public static byte At(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    /// <summary>Where there are none, and that is nearly always, it is no call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipBlanks(ReadOnlySpan<byte> text, int at) => At(text, at) > (byte)' ' ? at : BehindBlanks(text, at);

    /// <param name="text">Valid UTF-8.</param>
    /// <param name="at">Behind the quote that begins it.</param>
    /// <returns>Where the quote is that ends it.</returns>
    public static int EndOfString(ReadOnlySpan<byte> text, int at)
    {
        while (true)
        {
            if (at <= text.Length - Vector128<byte>.Count)
            {
                var part = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
                var special = Vector128.Equals(part, Vector128.Create((byte)'"')) | Vector128.Equals(part, Vector128.Create((byte)'\\')) | Vector128.LessThan(part, Vector128.Create((byte)' '));
                var found = special.ExtractMostSignificantBits();
                at += found == 0 ? Vector128<byte>.Count : BitOperations.TrailingZeroCount(found);
                if (found == 0) continue;
            }
            else
            {
                while (at < text.Length && text[at] is not ((byte)'"' or (byte)'\\' or < (byte)' ')) at++;
            }

            if (At(text, at) == (byte)'"') return at;
            at = BehindEscape(text, at);
            if (at < 0) return None;
        }
    }

    /// <param name="text">Valid UTF-8.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="deepest">How deep objects and arrays may stand in each other, with the one that the value is in.</param>
    /// <returns>Behind it.</returns>
    public static int EndOfValue(ReadOnlySpan<byte> text, int at, int deepest) =>
        At(text, at) is (byte)'{' or (byte)'[' ? EndOfNested(text, at, deepest) : EndOfScalar(text, at);

    private static int BehindBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (At(text, at) is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') at++;
        return at;
    }

    private static int BehindEscape(ReadOnlySpan<byte> text, int at) => At(text, at) != (byte)'\\' ? None : At(text, at + 1) switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => at + 2,
        (byte)'u' when IsHex(text, at + 2) && IsHex(text, at + 3) && IsHex(text, at + 4) && IsHex(text, at + 5) => at + 6,
        _ => None,
    };

    private static int EndOfScalar(ReadOnlySpan<byte> text, int at) => At(text, at) switch
    {
        (byte)'"' => EndOfString(text, at + 1) is >= 0 and var end ? end + 1 : None,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => EndOfNumber(text, at),
        (byte)'t' when text[at..].StartsWith("true"u8) => at + 4,
        (byte)'f' when text[at..].StartsWith("false"u8) => at + 5,
        (byte)'n' when text[at..].StartsWith("null"u8) => at + 4,
        _ => None,
    };

    private static int EndOfNested(ReadOnlySpan<byte> text, int at, int deepest)
    {
        // A bit for each that is open, the innermost lowest: an object, or else an array. The one that all are in has none.
        var (objects, open) = (0UL, 0);
        while (true)
        {
            var first = At(text, at);
            var isEmpty = false;
            if (first is (byte)'{' or (byte)'[')
            {
                if (++open >= deepest) return None;
                objects = (objects << 1) | (first == (byte)'{' ? 1UL : 0);
                at = SkipBlanks(text, at + 1);
                isEmpty = At(text, at) == Closing(objects);
                if (!isEmpty && IsObject(objects)) at = BehindName(text, at);
                if (at < 0) return None;
                if (!isEmpty) continue;
            }
            else
            {
                at = EndOfScalar(text, at);
                if (at < 0) return None;
                at = SkipBlanks(text, at);
            }

            while (At(text, at) == Closing(objects))
            {
                at++;
                objects >>= 1;
                if (--open == 0) return at;
                at = SkipBlanks(text, at);
            }

            if (At(text, at) != (byte)',') return None;
            at = SkipBlanks(text, at + 1);
            if (IsObject(objects)) at = BehindName(text, at);
            if (at < 0) return None;
        }
    }

    private static bool IsObject(ulong objects) => (objects & 1) != 0;

    private static byte Closing(ulong objects) => IsObject(objects) ? (byte)'}' : (byte)']';

    /// <returns>Where the value of the member begins whose name begins here.</returns>
    private static int BehindName(ReadOnlySpan<byte> text, int at)
    {
        if (At(text, at) != (byte)'"') return None;
        var end = EndOfString(text, at + 1);
        if (end < 0) return None;
        at = SkipBlanks(text, end + 1);
        return At(text, at) == (byte)':' ? SkipBlanks(text, at + 1) : None;
    }

    private static int EndOfNumber(ReadOnlySpan<byte> text, int at)
    {
        if (text[at] == (byte)'-') at++;
        var whole = at;
        at = BehindDigits(text, at);
        // What stands behind a zero is no part of it, and no number goes on there.
        if (at == whole || (text[whole] == (byte)'0' && at > whole + 1)) return None;
        if (At(text, at) == (byte)'.')
        {
            var part = at + 1;
            at = BehindDigits(text, part);
            if (at == part) return None;
        }

        if (At(text, at) is not ((byte)'e' or (byte)'E')) return at;
        var power = At(text, at + 1) is (byte)'+' or (byte)'-' ? at + 2 : at + 1;
        at = BehindDigits(text, power);
        return at == power ? None : at;
    }

    private static int BehindDigits(ReadOnlySpan<byte> text, int at)
    {
        while (At(text, at) is >= (byte)'0' and <= (byte)'9') at++;
        return at;
    }

    private static bool IsHex(ReadOnlySpan<byte> text, int at) => char.IsAsciiHexDigit((char)At(text, at));
}
