using System.Globalization;

namespace Ledger;

/// <summary>500ms, 2s, 1.5m, 1h.</summary>
internal static class Duration
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    public static TimeSpan Parse(string what, string text)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return TimeSpan.FromSeconds(number * seconds);
        }

        throw new FormatException($"{what} '{text}' is not a duration such as 2s");
    }
}
