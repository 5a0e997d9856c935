using System.Globalization;

namespace Holdfast.Rpc.Wire;

/// <summary>The text of <c>grpc-timeout</c>: 1 to 8 digits and a unit (H M S m u n).</summary>
internal static class TimeoutText
{
    private const int MaxDigits = 8;
    private const long MaxNumber = 99_999_999;

    /// <summary>The shortest unit that holds it, rounded up, so that the other side never gives up before us.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero) return "1n";
        // A tick is 100 ns.
        return Fits(timeout.Ticks, 100, 1) ? Text(timeout.Ticks * 100, 'n')
            : Fits(timeout.Ticks, 1, 10) ? Text(Up(timeout.Ticks, 10), 'u')
            : Fits(timeout.Ticks, 1, TimeSpan.TicksPerMillisecond) ? Text(Up(timeout.Ticks, TimeSpan.TicksPerMillisecond), 'm')
            : Fits(timeout.Ticks, 1, TimeSpan.TicksPerSecond) ? Text(Up(timeout.Ticks, TimeSpan.TicksPerSecond), 'S')
            : Text(MaxNumber, 'S');
    }

    /// <summary>False where the text breaks the rules: such a header is as good as none.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        long? ticks = text[^1] switch
        {
            'H' => number * TimeSpan.TicksPerHour,
            'M' => number * TimeSpan.TicksPerMinute,
            'S' => number * TimeSpan.TicksPerSecond,
            'm' => number * TimeSpan.TicksPerMillisecond,
            'u' => number * 10,
            'n' => Up(number, 100),
            _ => null,
        };
        if (ticks is not { } known) return false;
        timeout = TimeSpan.FromTicks(Math.Min(known, RpcLimits.MaxTimeoutSeconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private static bool Fits(long ticks, long factor, long divisor) => ticks <= MaxNumber / factor * divisor;

    private static long Up(long number, long divisor) => (number + divisor - 1) / divisor;

    private static string Text(long number, char unit) => number.ToString(CultureInfo.InvariantCulture) + unit;
}
