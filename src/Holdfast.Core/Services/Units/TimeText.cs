using System.Globalization;

namespace Holdfast.Core.Services.Units;

/// <summary>A time of day as people write it: <c>22:00</c>. Hours and minutes, two digits each.</summary>
public static class TimeText
{
    /// <summary>What the schema checks, and <see cref="TryParse"/> as well.</summary>
    public const string Pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

    private const string Form = "HH':'mm";

    public static bool TryParse(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    /// <summary>Seconds are cut off.</summary>
    public static string Format(TimeOnly time) => time.ToString(Form, CultureInfo.InvariantCulture);
}
