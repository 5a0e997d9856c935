using System.Globalization;

namespace Holdfast.Core.Services.Units;

/// <summary>Durations as people write them: <c>500ms</c>, <c>5s</c>, <c>1.5m</c>, <c>2h</c>, <c>14d</c>. Whole milliseconds; zero may do without a unit.</summary>
public static class DurationText
{
    /// <summary>What the schema checks; <see cref="TryParse"/> also refuses fractions of a millisecond and more than <see cref="Longest"/>.</summary>
    public const string Pattern = @"^(0|[0-9]{1,12}(\.[0-9]{1,9})?(ms|s|m|h|d))$";

    /// <summary>A hundred years: longer is a slip.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(36500);

    private static readonly (string Unit, long Milliseconds)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
            return true;
        if (!Quantity.TrySplit(text, out var number, out var unit))
            return false;
        var size = Units.FirstOrDefault(known => known.Unit == unit).Milliseconds;
        var milliseconds = number * size;
        if (size == 0 || milliseconds != decimal.Truncate(milliseconds) || milliseconds > (decimal)Longest.TotalMilliseconds)
            return false;
        duration = TimeSpan.FromMilliseconds((long)milliseconds);
        return true;
    }

    /// <summary>In the largest unit that leaves no fraction: <c>90s</c>, <c>2h</c>. Less than a millisecond is cut off.</summary>
    public static string Format(TimeSpan duration)
    {
        var milliseconds = duration.Ticks / TimeSpan.TicksPerMillisecond;
        if (milliseconds == 0)
            return "0s";
        var (unit, size) = Units.First(known => milliseconds % known.Milliseconds == 0);
        return (milliseconds / size).ToString(CultureInfo.InvariantCulture) + unit;
    }
}
