using System.Globalization;

namespace Holdfast.Core.Services.Units;

/// <summary>Processor time as people write it: <c>1.5</c> cores, <c>250m</c> (thousandths of a core).</summary>
public static class CoresText
{
    /// <summary>What the schema checks; <see cref="TryParse"/> also refuses more than <see cref="Most"/>.</summary>
    public const string Pattern = @"^([0-9]{1,4}(\.[0-9]{1,3})?|[0-9]{1,7}m)$";

    /// <summary>In thousandths of a core.</summary>
    public const int Most = 4_096_000;

    public static bool TryParse(string text, out int millicores)
    {
        millicores = 0;
        if (!Quantity.TrySplit(text, out var number, out var unit) || unit is not ("" or "m"))
            return false;
        var thousandths = unit == "m" ? number : number * 1000;
        if (thousandths > Most || thousandths != decimal.Truncate(thousandths))
            return false;
        millicores = (int)thousandths;
        return true;
    }

    /// <summary>Whole cores as a number, anything else in thousandths.</summary>
    public static string Format(int millicores) => millicores % 1000 == 0
        ? (millicores / 1000).ToString(CultureInfo.InvariantCulture)
        : millicores.ToString(CultureInfo.InvariantCulture) + "m";
}
