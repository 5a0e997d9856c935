using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Holdfast.Core.Auditing;

/// <summary>
/// Writes JSON in exactly one way, so that the same entry is the same bytes for ever, whatever a library's encoder does next year:
/// no whitespace; in strings only quote, backslash and control characters are escaped, as RFC 8785 does it.
/// </summary>
internal sealed class CanonicalText
{
    private const int LongestNumber = 20, LongestTime = 28, LargestCharacter = 3;

    private static readonly SearchValues<char> escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(c => (char)c), '"', '\\']);

    private const int FirstRoom = 1 << 10, MostKept = 1 << 20;

    private byte[] bytes = new byte[FirstRoom];

    public int Length { get; private set; }

    /// <summary>All of it; valid until something is written.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        // What many large entries at once needed is not held for ever.
        if (bytes.Length > MostKept) bytes = new byte[FirstRoom];
    }

    public CanonicalText Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Free(text.Length));
        Length += text.Length;
        return this;
    }

    public CanonicalText Number(long number)
    {
        Utf8Formatter.TryFormat(number, Free(LongestNumber), out var length);
        Length += length;
        return this;
    }

    /// <summary>In UTC with seven decimals, in quotes.</summary>
    public CanonicalText Time(DateTimeOffset at)
    {
        Raw("\""u8);
        Utf8Formatter.TryFormat(at.UtcDateTime, Free(LongestTime), out var length, 'O');
        Length += length;
        return Raw("\""u8);
    }

    public CanonicalText Text(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        while (text.IndexOfAny(escaped) is >= 0 and var at)
        {
            Plain(text[..at]);
            Escape(text[at]);
            text = text[(at + 1)..];
        }

        Plain(text);
        return Raw("\""u8);
    }

    private void Plain(ReadOnlySpan<char> text) => Length += Encoding.UTF8.GetBytes(text, Free(text.Length * LargestCharacter));

    private void Escape(char c)
    {
        switch (c)
        {
            case '"': Raw("\\\""u8); break;
            case '\\': Raw("\\\\"u8); break;
            case '\b': Raw("\\b"u8); break;
            case '\t': Raw("\\t"u8); break;
            case '\n': Raw("\\n"u8); break;
            case '\f': Raw("\\f"u8); break;
            case '\r': Raw("\\r"u8); break;
            default: Raw(Encoding.ASCII.GetBytes($"\\u{(int)c:x4}")); break;
        }
    }

    private Span<byte> Free(int needed)
    {
        if (bytes.Length - Length < needed) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + needed));
        return bytes.AsSpan(Length);
    }
}
