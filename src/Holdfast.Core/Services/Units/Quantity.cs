using System.Globalization;

namespace Holdfast.Core.Services.Units;

/// <summary>A number and the unit behind it.</summary>
internal static class Quantity
{
    /// <summary>Digits, perhaps a point and more digits, then letters; no sign, no exponent, no space.</summary>
    public static bool TrySplit(string text, out decimal number, out string unit)
    {
        var letters = 0;
        while (letters < text.Length && (char.IsAsciiDigit(text[letters]) || text[letters] == '.'))
            letters++;
        unit = text[letters..];
        number = 0;
        var digits = text.AsSpan(0, letters);
        return digits.Length is > 0 and <= 22
            && char.IsAsciiDigit(digits[0])
            && char.IsAsciiDigit(digits[^1])
            && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
