using System.Buffers;
using System.Text;
using Holdfast.Core.Capture;
using Holdfast.Core.Redaction;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>Makes lines for the segments of bytes of a file: whole, in UTF-8, redacted. What it gives out is valid until the next call.</summary>
/// <param name="rules">What must not reach the disk.</param>
internal sealed class FileLines(RedactionRules rules)
{
    private readonly Redactor redactor = new(rules, new(null));
    private readonly ArrayBufferWriter<byte> repaired = new(), redacted = new(), piece = new();
    private readonly byte[] text = new byte[Transcoder.MostBytes(FollowLimits.ReadBytes)];

    /// <summary>In the middle of a private key: so many lines of it may still come.</summary>
    public int KeyLines
    {
        get => redactor.PrivateKeyLines;
        set => redactor.PrivateKeyLines = value;
    }

    /// <summary>The next lines of a file, or of one that is over-long or has no end a piece.</summary>
    /// <param name="raw">From the first byte on that was not read, at least <see cref="Wanted"/> if the file has so much.</param>
    /// <param name="encoding">Null: UTF-8.</param>
    /// <param name="isBegin">It is the beginning of the file.</param>
    /// <param name="midLine">It is the middle of a line.</param>
    /// <param name="isSilent">Nothing more is to come now: what has no end is taken as it is.</param>
    public FileBlock Next(ReadOnlySpan<byte> raw, Encoding? encoding, bool isBegin, bool midLine, bool isSilent)
    {
        var skipped = midLine ? 0 : Passed(raw, encoding, isBegin);
        raw = raw[skipped..];
        if (raw.IsEmpty) return new([], 0, BlockFlags.None, skipped);
        var flags = midLine ? BlockFlags.Resumed : BlockFlags.None;
        var length = WideText.Is(encoding) ? WideText.LinesEnd(raw[..Math.Min(raw.Length, Wanted(encoding))], encoding) : raw[..Math.Min(raw.Length, Wanted(encoding))].LastIndexOf((byte)'\n') + 1;
        if (length == 0)
        {
            flags |= BlockFlags.Unfinished;
            length = raw.Length >= Wanted(encoding) ? Cut(raw[..Wanted(encoding)], encoding) : isSilent ? Complete(WideText.Is(encoding) ? WideText.TrimEnd(raw) : raw.TrimEnd((byte)0), encoding) : 0;
            if (length == 0) return new([], 0, BlockFlags.None, skipped);
        }

        var lines = Decode(raw[..length], encoding);
        if ((flags & BlockFlags.Unfinished) != 0) lines = Ended(lines);
        if (encoding is null) lines = Utf8Text.Repair(lines, repaired);
        redacted.ResetWrittenCount();
        if (redactor.TryRedact(lines, redacted)) lines = redacted.WrittenSpan;
        return new(lines, lines.Count((byte)'\n'), flags, skipped + length);
    }

    /// <summary>With so many bytes a line is over-long that has no end in them.</summary>
    public static int Wanted(Encoding? encoding) => encoding is null ? FollowLimits.LineBytes : FollowLimits.ReadBytes;

    /// <summary>What is no part of a line: a mark of Unicode at the beginning, and the hole that emptying leaves in a file whose writer does not append.</summary>
    private static int Passed(ReadOnlySpan<byte> raw, Encoding? encoding, bool isBegin)
    {
        if (isBegin && encoding is null && raw.StartsWith("\uFEFF"u8)) return 3;
        if (WideText.Is(encoding) && isBegin && raw.StartsWith(encoding.Preamble)) return encoding.Preamble.Length;
        var hole = raw.IndexOfAnyExcept((byte)0);
        if (hole < 0) hole = raw.Length;
        return WideText.Is(encoding) ? WideText.Whole(hole) : hole;
    }

    private ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> raw, Encoding? encoding)
    {
        if (encoding is null) return raw;
        if (WideText.Is(encoding)) return text.AsSpan(0, WideText.ToUtf8(raw, encoding, text));
        var transcoder = new Transcoder(encoding);
        var length = transcoder.Convert(raw, text);
        return text.AsSpan(0, length + transcoder.Flush(text.AsSpan(length)));
    }

    /// <summary>The newline that ends a piece in the segments is ours.</summary>
    private ReadOnlySpan<byte> Ended(ReadOnlySpan<byte> lines)
    {
        piece.ResetWrittenCount();
        piece.Write(lines);
        piece.Write("\n"u8);
        return piece.WrittenSpan;
    }

    private int Cut(ReadOnlySpan<byte> raw, Encoding? encoding)
    {
        if (encoding is null) return Utf8Text.Boundary(raw, redactor.SafeCut(raw, raw.Length - FollowLimits.CutMargin));
        // A place in the text is found again in the bytes only by trying.
        const int step = 256;
        var whole = Decode(raw, encoding).ToArray();
        for (var at = raw.Length - FollowLimits.CutMargin; at > raw.Length / 2; at -= step)
        {
            var length = Complete(raw[..at], encoding);
            var here = Decode(raw[..length], encoding).Length;
            if (redactor.SafeCut(whole, here) == here) return length;
        }

        return Complete(raw[..^FollowLimits.CutMargin], encoding);
    }

    /// <summary>The length without a last character of which only the beginning is there.</summary>
    private static int Complete(ReadOnlySpan<byte> raw, Encoding? encoding)
    {
        const int longest = 4;
        if (encoding is null) return Utf8Text.Boundary(raw, raw.Length);
        if (WideText.Is(encoding)) return WideText.Complete(raw, encoding);
        for (var length = raw.Length; length > Math.Max(raw.Length - longest, 0); length--)
        {
            var decoder = encoding.GetDecoder();
            Span<char> into = new char[encoding.GetMaxCharCount(length)];
            decoder.GetChars(raw[..length], into, flush: false);
            if (decoder.GetCharCount([], flush: true) == 0) return length;
        }

        return raw.Length;
    }
}

/// <summary>Lines for the segments.</summary>
/// <param name="lines">Each ended by a newline; empty: there are none yet.</param>
/// <param name="bytes">So many bytes of the file they are, with what is no part of a line.</param>
internal readonly ref struct FileBlock(ReadOnlySpan<byte> lines, int count, BlockFlags flags, int bytes)
{
    public ReadOnlySpan<byte> Lines { get; } = lines;

    public int Count { get; } = count;

    public BlockFlags Flags { get; } = flags;

    public int Bytes { get; } = bytes;
}
