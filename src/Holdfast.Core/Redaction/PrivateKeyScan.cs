namespace Holdfast.Core.Redaction;

/// <summary>Private keys in PEM, in one line (as JSON writes them) or over many: what a stream is in the middle of is kept between calls.</summary>
internal struct PrivateKeyScan
{
    /// <summary>A key has fewer lines than this; a stream that begins one and never ends it is not hidden for ever.</summary>
    private const int MostLines = 256;

    /// <summary>Of a key that has begun; 0 outside of one.</summary>
    public int LinesLeft { get; set; }

    public void Find(ReadOnlySpan<byte> lines, List<Finding> findings)
    {
        if (LinesLeft == 0 && lines.IndexOf("-----BEGIN "u8) < 0) return;
        for (var start = 0; start < lines.Length;)
        {
            var length = lines[start..].IndexOf((byte)'\n');
            var end = length < 0 ? lines.Length : start + length;
            FindInLine(lines[start..end].TrimEnd((byte)'\r'), start, findings);
            start = end + 1;
        }
    }

    private void FindInLine(ReadOnlySpan<byte> line, int offset, List<Finding> findings)
    {
        for (var at = 0; at < line.Length;)
        {
            var rest = line[at..];
            var isNew = LinesLeft == 0;
            var start = isNew ? BeginOf(rest) : 0;
            if (start < 0) return;
            var end = EndOf(rest[start..]);
            LinesLeft = end >= 0 ? 0 : isNew ? MostLines : LinesLeft - 1;
            var stop = end >= 0 ? start + end : rest.Length;
            if (stop > start) findings.Add(new(offset + at + start, offset + at + stop, RuleName.PrivateKey, Counts: isNew));
            at += stop;
        }
    }

    private static int BeginOf(ReadOnlySpan<byte> text)
    {
        for (var from = 0; text[from..].IndexOf("-----BEGIN "u8) is >= 0 and var at; from += at + 1)
        {
            var label = text[(from + at + 11)..];
            var labelEnd = label.IndexOf("-----"u8);
            if (labelEnd >= 0 && label[..labelEnd].IndexOf("PRIVATE KEY"u8) >= 0) return from + at;
        }

        return -1;
    }

    /// <summary>Behind the end mark, or -1.</summary>
    private static int EndOf(ReadOnlySpan<byte> text)
    {
        var mark = text.IndexOf("-----END "u8);
        if (mark < 0) return -1;
        var close = text[(mark + 9)..].IndexOf("-----"u8);
        return close < 0 ? text.Length : mark + 9 + close + 5;
    }
}
