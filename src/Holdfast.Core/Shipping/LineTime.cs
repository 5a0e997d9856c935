using System.Buffers.Text;
using System.Globalization;
using System.Text;

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
