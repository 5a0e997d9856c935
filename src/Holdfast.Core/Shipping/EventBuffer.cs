using System.Buffers;
using System.Buffers.Text;

namespace Holdfast.Core.Shipping;

/// <summary>Bytes that events are written into, one behind the other. It grows to what is needed and is used again: no event costs an allocation.</summary>
public sealed class EventBuffer(int capacity = 64 << 10)
{
    /// <summary>What JSON does not take as it is.</summary>
    private static readonly SearchValues<byte> escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

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
        const int length = 28;
        var time = at.UtcDateTime;
        var to = Free(length)[..length];
        var (date, clock) = (DateOnly.FromDateTime(time), time.TimeOfDay);
        Digits(to, 0, 4, date.Year);
        Digits(to, 5, 2, date.Month);
        Digits(to, 8, 2, date.Day);
        Digits(to, 11, 2, clock.Hours);
        Digits(to, 14, 2, clock.Minutes);
        Digits(to, 17, 2, clock.Seconds);
        Digits(to, 20, 7, (int)(clock.Ticks % TimeSpan.TicksPerSecond));
        (to[4], to[7], to[10], to[13], to[16], to[19], to[27]) = ((byte)'-', (byte)'-', (byte)'T', (byte)':', (byte)':', (byte)'.', (byte)'Z');
        Length += length;
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

    private static void Digits(Span<byte> to, int at, int count, int number)
    {
        for (var i = at + count - 1; i >= at; i--, number /= 10) to[i] = (byte)('0' + (number % 10));
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    private Span<byte> Free(int needed)
    {
        if (bytes.Length - Length < needed) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + needed));
        return bytes.AsSpan(Length);
    }
}
