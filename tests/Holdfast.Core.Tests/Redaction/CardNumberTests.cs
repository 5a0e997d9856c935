using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Core.Tests.Redaction;

public sealed class CardNumberTests
{
    [Theory]
    [InlineData("4111111111111111"), InlineData("4222222222222"), InlineData("4000056655665556"), InlineData("5555555555554444")]
    [InlineData("2223003122003222"), InlineData("378282246310005"), InlineData("6011111111111117"), InlineData("3530111333300000")]
    [InlineData("30569309025904"), InlineData("6200000000000005"), InlineData("6304000000000000")]
    [InlineData("4111 1111 1111 1111"), InlineData("4111-1111-1111-1111"), InlineData("3782 822463 10005"), InlineData("4111-1111 1111-1111")]
    public void A_card_number_is_redacted_wherever_it_stands(string number)
    {
        foreach (var (before, after) in new[] { ("", ""), ("pan=", " ok"), ("{\"card\":\"", "\"}"), ("x ", "."), ("12 ", " 34"), ("card", ","), ("é", "é") })
        {
            var redacting = new Redacting();
            Assert.Equal($"{before}[redacted:pan]{after}\n", redacting.Redact($"{before}{number}{after}\n"));
            Assert.Equal(1, redacting.Counts["pan"]);
        }
    }

    [Theory]
    [InlineData("4111111111111112")] // the check digit is wrong
    [InlineData("9111111111111111")] // no issuer
    [InlineData("41111111111111110000")] // too long
    [InlineData("411111111111")] // too short
    [InlineData("1764000000000")] // milliseconds since 1970
    [InlineData("1764000000000000000")] // nanoseconds
    [InlineData("2026-11-22T10:11:12.123456789Z 2026-11-22 10:11:12")]
    [InlineData("0.4111111111111111")] // a fraction
    [InlineData("d41d8cd98f004111111111111111e9800998ecf8")] // a digest
    [InlineData("0x4111111111111111")]
    [InlineData("123e4567-e89b-1234-4111-111111111111")] // a UUID
    [InlineData("4111  1111  1111  1111")] // two spaces are columns of a table
    public void What_only_looks_like_a_card_number_is_left_alone(string text) => Assert.Equal(text + "\n", new Redacting().Redact(text + "\n"));

    [Fact]
    public void A_card_number_is_found_at_every_offset()
    {
        for (var offset = 0; offset < 64; offset++)
        {
            var filler = new string('x', offset);
            Assert.Equal($"{filler} [redacted:pan] {filler}\n", new Redacting().Redact($"{filler} 5555555555554444 {filler}\n"));
        }
    }

    [Fact]
    public void Each_of_many_card_numbers_is_redacted_and_counted()
    {
        var redacting = new Redacting();
        Assert.Equal("[redacted:pan] [redacted:pan]\n[redacted:pan]\n", redacting.Redact("4111111111111111 378282246310005\n6011111111111117\n"));
        Assert.Equal(3, redacting.Counts["pan"]);
    }

    [Fact]
    public void No_Visa_number_survives_in_any_text()
    {
        var texts = Gen.ListOf(Gen.Elements("a b", "12", "-", " ", "é", "\n", "{", "id 7 ")).Select(string.Concat);
        var numbers = Gen.ListOf(Gen.Elements('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), 14).Select(digits => WithCheckDigit("4" + string.Concat(digits)));
        Prop.ForAll(texts.Zip(numbers).ToArbitrary(), given =>
        {
            var (text, number) = given;
            var line = $"{text}<{number}>{text}\n";
            return !new Redacting().Redact(line).Contains(number, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    private static string WithCheckDigit(string digits)
    {
        var sum = digits.Reverse().Select((c, i) => i % 2 == 0 ? ((c - '0') * 2 / 10) + ((c - '0') * 2 % 10) : c - '0').Sum();
        return digits + ((10 - (sum % 10)) % 10);
    }
}
