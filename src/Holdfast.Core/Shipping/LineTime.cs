using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Holdfast.Core.Shipping;

/// <summary>Times as lines say them: ISO 8601, or a number since 1970 in seconds, milliseconds, microseconds or nanoseconds, whichever gives a time of our days.</summary>
internal static class LineTime
{
    private const long FirstSecond = 1_000_000_000, LastSecond = 10_000_000_000;

    /// <param name="text">Without quotes.</param>
    /// <param name="format">Of .NET's custom formats; null: ISO 8601 or a number.</param>
    /// <param name="at">In UTC.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, string? format, out DateTimeOffset at)
    {
        at = default;
        // No time is longer, and what is parsed as text is made to one first.
        if (text.Length is 0 or > 64) return false;
        if (format is not null)
            return DateTimeOffset.TryParseExact(Encoding.UTF8.GetString(text), format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
        if (TryNumber(text, out at)) return true;
        // Looser forms than this would take "12" and "May" for times.
        return text.Length >= 16 && text[4] == (byte)'-' && text[7] == (byte)'-' && text[10] is (byte)'T' or (byte)' '
            && DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
    }

    /// <param name="value">As JSON writes it: a string (ISO 8601), or a number since 1970, as zap and pino have it.</param>
    /// <param name="at">With the offset that it says.</param>
    public static bool TryValue(ReadOnlySpan<byte> value, out DateTimeOffset at) =>
        value is [(byte)'"', .. var text, (byte)'"'] ? TryUtc(text, out at) || TryString(value, out at) : TryNumber(value, out at);

    /// <summary>The form that nearly all loggers write, which is read for every line: <c>2026-11-27T15:00:01Z</c>, with up to seven decimals. It is not the only one.</summary>
    private static bool TryUtc(ReadOnlySpan<byte> text, out DateTimeOffset at)
    {
        at = default;
        if (text.Length is < 20 or > 28 || text[4] != (byte)'-' || text[7] != (byte)'-' || text[10] != (byte)'T' || text[13] != (byte)':' || text[16] != (byte)':' || text[^1] != (byte)'Z') return false;
        var decimals = text[19..^1];
        if (!decimals.IsEmpty && (decimals.Length == 1 || decimals[0] != (byte)'.')) return false;
        var (year, month, day) = ((Two(text, 0) * 100) + Two(text, 2), Two(text, 5), Two(text, 8));
        var (hour, minute, second) = (Two(text, 11), Two(text, 14), Two(text, 17));
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || (day > 28 && day > DateTime.DaysInMonth(year, month)) || hour > 23 || minute > 59 || second > 59) return false;
        var (ticks, unit) = (0L, TimeSpan.TicksPerSecond);
        for (var i = 1; i < decimals.Length; i++)
        {
            if (!char.IsAsciiDigit((char)decimals[i])) return false;
            unit /= 10;
            ticks += (decimals[i] - '0') * unit;
        }

        at = new(new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddTicks(ticks), TimeSpan.Zero);
        return true;
    }

    /// <returns>The number of two digits; more than any of two, where they are none.</returns>
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        const int none = 10_000;
        var (tens, ones) = ((uint)(text[at] - '0'), (uint)(text[at + 1] - '0'));
        return tens <= 9 && ones <= 9 ? (int)((tens * 10) + ones) : none;
    }

    private static bool TryString(ReadOnlySpan<byte> value, out DateTimeOffset at)
    {
        at = default;
        try
        {
            var reader = new Utf8JsonReader(value);
            return reader.Read() && reader.TryGetDateTimeOffset(out at);
        }
        catch (InvalidOperationException)
        {
            // Its escapes are half a character, which JSON's grammar does not forbid.
            return false;
        }
    }

    /// <param name="number">As JSON writes it.</param>
    public static bool TryNumber(ReadOnlySpan<byte> number, out DateTimeOffset at)
    {
        at = default;
        if (number.IsEmpty || !char.IsAsciiDigit((char)number[0]) || !Utf8Parser.TryParse(number, out decimal value, out var read) || read != number.Length) return false;
        foreach (var unit in (ReadOnlySpan<long>)[1, 1_000, 1_000_000, 1_000_000_000])
        {
            var seconds = value / unit;
            if (seconds is < FirstSecond or >= LastSecond) continue;
            at = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
            return true;
        }

        return false;
    }
}
