using System.Buffers;
using System.Text;

namespace Holdfast.Core.Auditing;

/// <summary>
/// Writes JSON in exactly one way, so that the same entry is the same bytes for ever, whatever a library's encoder does next year:
/// no whitespace; in strings only quote, backslash and control characters are escaped, as RFC 8785 does it.
/// </summary>
internal sealed class CanonicalText
{
    private readonly ArrayBufferWriter<byte> buffer = new(512);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public CanonicalText Raw(ReadOnlySpan<byte> text)
    {
        buffer.Write(text);
        return this;
    }

    public CanonicalText Number(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length);
        return Raw(digits[..length]);
    }

    public CanonicalText Text(string text)
    {
        Raw("\""u8);
        var plain = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('"' or '\\') && text[i] >= ' ')
                continue;
            Encoding.UTF8.GetBytes(text.AsSpan(plain, i - plain), buffer);
            Escape(text[i]);
            plain = i + 1;
        }

        Encoding.UTF8.GetBytes(text.AsSpan(plain), buffer);
        return Raw("\""u8);
    }

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
}
