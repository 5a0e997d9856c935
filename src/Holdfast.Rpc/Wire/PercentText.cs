using System.Globalization;
using System.Text;

namespace Holdfast.Rpc.Wire;

/// <summary>The coding of <c>grpc-message</c>: UTF-8, with everything but printable ASCII, and '%', as %XX.</summary>
internal static class PercentText
{
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%')) return text;
        var coded = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%') coded.Append((char)b);
            else coded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return coded.ToString();
    }

    /// <summary>Never fails: a broken sequence stays as it stands.</summary>
    public static string Decode(string coded)
    {
        if (!coded.Contains('%')) return coded;
        var source = Encoding.UTF8.GetBytes(coded);
        var bytes = new byte[source.Length];
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && Hex(source[i + 1]) is var high and >= 0 && Hex(source[i + 2]) is var low and >= 0)
            {
                bytes[length++] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                bytes[length++] = source[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };
}
