using System.Buffers;
using System.Buffers.Text;

namespace Holdfast.Core.Shipping;

/// <summary>Bytes that events are written into, one behind the other. It grows to what is needed and is used again: no event costs an allocation.</summary>
public sealed class EventBuffer(int capacity = 64 << 10)
{
    /// <summary>What JSON does not take as it is.</summary>
    private static readonly SearchValues<byte> escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private const int LongestTime = 28;

    private byte[] bytes = new byte[capacity];

    public int Length { get; private set; }

    /// <summary>All of it; valid until something is added.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>What was added behind it is not there any more.</summary>
    public void CutTo(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    public void Add(byte one)
    {
        Free(1)[0] = one;
        Length++;
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Free(text.Length));
        Length += text.Length;
    }

    public void AddNumber(long number)
    {
        Utf8Formatter.TryFormat(number, Free(20), out var written);
        Length += written;
    }

    /// <summary>In UTC, to a tenth of a microsecond, without quotes: <c>2026-11-27T15:00:01.2340000Z</c>.</summary>
    public void AddTime(DateTimeOffset at)
    {
        Utf8Formatter.TryFormat(at.UtcDateTime, Free(LongestTime), out var written, 'O');
        Length += written;
    }

    /// <summary>As what stands between the quotes of a JSON string.</summary>
    /// <param name="text">Valid UTF-8.</param>
    public void AddEscaped(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var special = text.IndexOfAny(escaped);
            if (special < 0) break;
            Add(text[..special]);
            AddEscaped(text[special]);
            text = text[(special + 1)..];
        }

        Add(text);
    }

    private void AddEscaped(byte special)
    {
        switch (special)
        {
            case (byte)'"':
                Add("\\\""u8);
                break;
            case (byte)'\\':
                Add("\\\\"u8);
                break;
            case (byte)'\n':
                Add("\\n"u8);
                break;
            case (byte)'\r':
                Add("\\r"u8);
                break;
            case (byte)'\t':
                Add("\\t"u8);
                break;
            default:
                Add("\\u00"u8);
                Add(Hex(special >> 4));
                Add(Hex(special & 15));
                break;
        }
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    /// <summary>Room behind what was written, to be taken with <see cref="Take"/>; valid until something else is added.</summary>
    internal Span<byte> Free(int needed)
    {
        if (bytes.Length - Length < needed) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + needed));
        return bytes.AsSpan(Length);
    }

    /// <summary>So many bytes of the room behind were written.</summary>
    internal void Take(int written) => Length += written;
}
