namespace Holdfast.Core.Redaction;

/// <summary>Which digits can be the number of a payment card.</summary>
internal static class CardNumber
{
    public const int Shortest = 13;
    public const int Longest = 19;

    /// <param name="digits">ASCII digits only.</param>
    public static bool IsPlausible(ReadOnlySpan<byte> digits) =>
        digits.Length is >= Shortest and <= Longest && HasIssuer(digits) && HasCheckDigit(digits);

    /// <summary>ISO/IEC 7812: doubling every second digit from the right, the sum of digits divides by ten.</summary>
    private static bool HasCheckDigit(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1) digit = digit > 4 ? (2 * digit) - 9 : 2 * digit;
            sum += digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>Begins as the numbers of an issuer's scheme do, and has a length that they have.</summary>
    private static bool HasIssuer(ReadOnlySpan<byte> digits)
    {
        var four = ((digits[0] - '0') * 1000) + ((digits[1] - '0') * 100) + ((digits[2] - '0') * 10) + (digits[3] - '0');
        var length = digits.Length;
        return four switch
        {
            >= 4000 and <= 4999 => length is 13 or 16 or 19, // Visa
            >= 5100 and <= 5599 => length == 16, // Mastercard
            >= 2221 and <= 2720 => length == 16,
            >= 3400 and <= 3499 or >= 3700 and <= 3799 => length == 15, // American Express
            >= 3528 and <= 3589 => length >= 16, // JCB
            >= 3000 and <= 3059 or 3095 or >= 3600 and <= 3699 or >= 3800 and <= 3999 => length >= 14, // Diners Club
            >= 2200 and <= 2205 => length >= 16, // Mir
            >= 6000 and <= 6999 => true, // Discover, UnionPay, RuPay, Maestro
            >= 8100 and <= 8299 => length >= 16, // UnionPay, RuPay
            >= 5000 and <= 5099 or >= 5600 and <= 5899 => true, // Maestro, RuPay, Elo
            9792 => length == 16, // Troy
            _ => false,
        };
    }
}
