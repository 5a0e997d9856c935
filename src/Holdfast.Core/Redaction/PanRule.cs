using System.Buffers;

namespace Holdfast.Core.Redaction;

/// <summary>
/// Payment card numbers: 13 to 19 digits, plain or in groups between single spaces or hyphens, that begin as an issuer's do and whose
/// check digit is right. Nothing of them is kept.
/// </summary>
internal sealed class PanRule : IRedactionRule
{
    private const int HexIdLength = 24;

    private static readonly SearchValues<byte> Parts = SearchValues.Create("0123456789 -"u8);

    public void Find(ReadOnlySpan<byte> lines, List<Finding> findings)
    {
        // A number has at least 13 bytes in a row that can be part of one, so looking at each 13th byte misses none.
        var floor = 0;
        for (var probe = CardNumber.Shortest - 1; probe < lines.Length;)
        {
            if (!IsPart(lines[probe]))
            {
                probe += CardNumber.Shortest;
                continue;
            }

            var before = lines[floor..probe].LastIndexOfAnyExcept(Parts);
            var start = before < 0 ? floor : floor + before + 1;
            var after = lines[probe..].IndexOfAnyExcept(Parts);
            var end = after < 0 ? lines.Length : probe + after;
            if (end - start >= CardNumber.Shortest) FindInRun(lines, start, end, findings);
            floor = end;
            probe = end + CardNumber.Shortest;
        }
    }

    private static bool IsPart(byte b) => char.IsAsciiDigit((char)b) || b is (byte)' ' or (byte)'-';

    private static void FindInRun(ReadOnlySpan<byte> lines, int start, int end, List<Finding> findings)
    {
        Span<byte> digits = stackalloc byte[CardNumber.Longest];
        while (start < end)
        {
            if (!char.IsAsciiDigit((char)lines[start]))
            {
                start++;
                continue;
            }

            var groupEnd = GroupEnd(lines, start, end);
            var numberEnd = groupEnd - start >= CardNumber.Shortest
                ? PlainNumber(lines[start..groupEnd]) && !IsPartOfOther(lines, start, groupEnd) ? groupEnd : 0
                : GroupedNumber(lines, start, end, digits);
            if (numberEnd > 0) findings.Add(new(start, numberEnd, RuleName.Pan));
            start = numberEnd > 0 ? numberEnd : groupEnd;
        }
    }

    private static int GroupEnd(ReadOnlySpan<byte> lines, int start, int end)
    {
        var length = lines[start..end].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? end : start + length;
    }

    private static bool PlainNumber(ReadOnlySpan<byte> digits) => digits.Length <= CardNumber.Longest && CardNumber.IsPlausible(digits);

    /// <summary>The end of the longest number that begins here with a group of four; 0 if there is none.</summary>
    private static int GroupedNumber(ReadOnlySpan<byte> lines, int start, int end, Span<byte> digits)
    {
        const int firstGroup = 4;
        const int longestGroup = 7;
        if (IsFraction(lines, start)) return 0;
        var (count, numberEnd) = (0, 0);
        for (var at = start; at < end && char.IsAsciiDigit((char)lines[at]);)
        {
            var groupEnd = GroupEnd(lines, at, end);
            var length = groupEnd - at;
            if (count == 0 ? length != firstGroup : length > longestGroup || count + length > CardNumber.Longest) break;
            lines[at..groupEnd].CopyTo(digits[count..]);
            count += length;
            if (CardNumber.IsPlausible(digits[..count])) numberEnd = groupEnd;
            at = groupEnd + 1;
        }

        return numberEnd;
    }

    /// <summary>Digits of a fraction, of a hexadecimal id or of an address look like numbers by chance; they are none.</summary>
    private static bool IsPartOfOther(ReadOnlySpan<byte> lines, int start, int end)
    {
        if (IsFraction(lines, start)) return true;
        var (from, to, letters) = (start, end, false);
        while (from > 0 && char.IsAsciiLetterOrDigit((char)lines[from - 1])) letters |= char.IsAsciiLetter((char)lines[--from]);
        while (to < lines.Length && char.IsAsciiLetterOrDigit((char)lines[to])) letters |= char.IsAsciiLetter((char)lines[to++]);
        if (!letters) return false;
        var word = lines[from..to];
        return word.StartsWith("0x"u8) || (word.Length >= HexIdLength && !word.ContainsAnyExcept(Hex));
    }

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private static bool IsFraction(ReadOnlySpan<byte> lines, int start) =>
        start >= 2 && lines[start - 1] == (byte)'.' && char.IsAsciiDigit((char)lines[start - 2]);
}
