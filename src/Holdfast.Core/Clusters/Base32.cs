namespace Holdfast.Core.Clusters;

/// <summary>Bytes as lower-case letters and digits (the alphabet of RFC 4648, without padding): a word that a double click selects whole.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Bits = 5;

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = new System.Text.StringBuilder();
        int held = 0, count = 0;
        foreach (var one in bytes)
        {
            held = (held << 8) | one;
            for (count += 8; count >= Bits; count -= Bits) text.Append(Alphabet[(held >> (count - Bits)) & 31]);
            held &= (1 << count) - 1;
        }

        if (count > 0) text.Append(Alphabet[(held << (Bits - count)) & 31]);
        return text.ToString();
    }

    /// <summary>Null: it has another letter, or bits that no byte has.</summary>
    public static byte[]? Bytes(ReadOnlySpan<char> text)
    {
        List<byte> bytes = [];
        int held = 0, count = 0;
        foreach (var letter in text)
        {
            if (Alphabet.IndexOf(letter, StringComparison.Ordinal) is not (>= 0 and var value)) return null;
            held = (held << Bits) | value;
            count += Bits;
            if (count < 8) continue;
            count -= 8;
            bytes.Add((byte)(held >> count));
            held &= (1 << count) - 1;
        }

        return held == 0 && count < Bits ? [.. bytes] : null;
    }
}
