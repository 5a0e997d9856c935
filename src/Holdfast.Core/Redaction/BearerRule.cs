using System.Buffers;
using System.Text;

namespace Holdfast.Core.Redaction;

/// <summary>
/// Bearer tokens wherever they stand (eight characters at least, so that prose stays readable), and what follows the scheme in an
/// Authorization header, however short.
/// </summary>
internal sealed class BearerRule : IRedactionRule
{
    private const int ShortestToken = 8;

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~+/=:"u8);

    private static readonly SearchValues<byte> AfterName = SearchValues.Create(" \t:=\"'\\[{"u8);

    private static readonly byte[][] Schemes = ["basic"u8.ToArray(), "bearer"u8.ToArray(), "negotiate"u8.ToArray(), "ntlm"u8.ToArray(), "token"u8.ToArray()];

    public void Find(ReadOnlySpan<byte> lines, List<Finding> findings)
    {
        // Each search runs at memory speed; capitalised, lower-case and upper-case spellings are those that occur.
        FindBearer(lines, "earer"u8, findings);
        FindBearer(lines, "EARER"u8, findings);
        FindAuthorization(lines, "uthorization"u8, findings);
        FindAuthorization(lines, "UTHORIZATION"u8, findings);
    }

    private static void FindBearer(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> word, List<Finding> findings)
    {
        for (var from = 0; lines[from..].IndexOf(word) is >= 0 and var at;)
        {
            var start = from + at;
            from = start + word.Length;
            var begins = start > 0 && lines[start - 1] is (byte)'b' or (byte)'B';
            if (begins) AddToken(lines, from, ShortestToken, findings);
        }
    }

    private static void FindAuthorization(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> word, List<Finding> findings)
    {
        const int mostBetween = 8;
        for (var from = 0; lines[from..].IndexOf(word) is >= 0 and var at;)
        {
            from += at + word.Length;
            var between = lines[from..].IndexOfAnyExcept(AfterName);
            if (between is < 1 or > mostBetween) continue;
            var rest = lines[(from + between)..];
            foreach (var scheme in Schemes)
            {
                if (rest.Length > scheme.Length && Ascii.EqualsIgnoreCase(rest[..scheme.Length], scheme))
                    AddToken(lines, from + between + scheme.Length, 1, findings);
            }
        }
    }

    /// <summary>The token after at least one space.</summary>
    private static void AddToken(ReadOnlySpan<byte> lines, int from, int shortest, List<Finding> findings)
    {
        var spaces = lines[from..].IndexOfAnyExcept((byte)' ', (byte)'\t');
        if (spaces < 1) return;
        var start = from + spaces;
        var length = lines[start..].IndexOfAnyExcept(TokenBytes);
        var end = length < 0 ? lines.Length : start + length;
        if (end - start >= shortest) findings.Add(new(start, end, RuleName.Bearer));
    }
}
