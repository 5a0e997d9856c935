using System.Text;

namespace Holdfast.Core.Capture;

/// <summary>
/// Makes UTF-8 of another encoding, as it is read: a character that is split over two reads is whole, and one that is broken never
/// takes the newline after it along.
/// </summary>
public sealed class Transcoder(Encoding encoding)
{
    /// <summary>More of a line is not kept: what a decoder remembers of it is in its last bytes.</summary>
    private const int MostUndecoded = 4 << 10;

    private readonly Decoder decoder = encoding.GetDecoder();
    private byte[] undecoded = [];

    /// <summary>The bytes since the last newline: a new decoder that was given them remembers what this one does.</summary>
    public ReadOnlySpan<byte> Undecoded => undecoded;

    /// <summary>The bytes of UTF-8 that so many bytes can become at most.</summary>
    public static int MostBytes(int count) => (3 * count) + 16;

    /// <summary>Goes on where another one was, at <see cref="Undecoded"/>.</summary>
    public void GoOnFrom(ReadOnlySpan<byte> earlier)
    {
        undecoded = earlier.ToArray();
        _ = Decode(earlier, flush: false, new byte[MostBytes(earlier.Length)]);
    }

    /// <returns>How many bytes of UTF-8 were written.</returns>
    public int Convert(ReadOnlySpan<byte> raw, Span<byte> into)
    {
        Remember(raw);
        var written = 0;
        while (!raw.IsEmpty)
        {
            var end = raw.IndexOf((byte)'\n');
            written += Decode(end < 0 ? raw : raw[..end], end >= 0, into[written..]);
            if (end < 0) break;
            into[written++] = (byte)'\n';
            raw = raw[(end + 1)..];
        }

        return written;
    }

    /// <summary>What is left of a broken character at the end.</summary>
    public int Flush(Span<byte> into) => Decode(default, flush: true, into);

    private void Remember(ReadOnlySpan<byte> raw)
    {
        var line = raw[(raw.LastIndexOf((byte)'\n') + 1)..];
        var before = line.Length == raw.Length ? undecoded : [];
        if (before.Length + line.Length == 0)
        {
            undecoded = [];
            return;
        }

        byte[] whole = [.. before, .. line];
        undecoded = whole.Length > MostUndecoded ? whole[^MostUndecoded..] : whole;
    }

    private int Decode(ReadOnlySpan<byte> raw, bool flush, Span<byte> into)
    {
        Span<char> chars = stackalloc char[1024];
        var written = 0;
        while (true)
        {
            decoder.Convert(raw, chars, flush, out var used, out var made, out var completed);
            written += Encoding.UTF8.GetBytes(chars[..made], into[written..]);
            raw = raw[used..];
            if (completed) return written;
        }
    }
}
