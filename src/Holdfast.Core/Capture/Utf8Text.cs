using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Holdfast.Core.Capture;

/// <summary>Bytes that should be UTF-8 and may not be.</summary>
public static class Utf8Text
{
    /// <summary>The text with each invalid sequence replaced by U+FFFD; the same memory if there is none.</summary>
    public static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> into)
    {
        if (Utf8.IsValid(text)) return text;
        into.ResetWrittenCount();
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var used);
            if (status == OperationStatus.Done) into.Write(text[..used]);
            else into.Advance(rune.EncodeToUtf8(into.GetSpan(4)));
            text = text[used..];
        }

        return into.WrittenSpan;
    }

    /// <summary>How much of a text can be cut off at an offset or before it without cutting a character.</summary>
    public static int Boundary(ReadOnlySpan<byte> text, int wanted)
    {
        const int longest = 4;
        if (wanted >= text.Length) return Complete(text);
        for (var at = wanted; at > Math.Max(wanted - longest, 0); at--)
        {
            if ((text[at] & 0xC0) != 0x80) return at;
        }

        return wanted;
    }

    /// <summary>The length without a last character of which only the beginning is there.</summary>
    private static int Complete(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= Math.Min(3, text.Length); back++)
        {
            var b = text[^back];
            if ((b & 0xC0) == 0x80) continue;
            var needs = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
            return needs > back ? text.Length - back : text.Length;
        }

        return text.Length;
    }
}
