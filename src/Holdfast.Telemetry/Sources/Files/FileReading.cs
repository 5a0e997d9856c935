using Holdfast.Segments;
using Holdfast.Core.Redaction;
using Holdfast.Core.Sources;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>
/// Reads the next lines of a file that is followed. What was read before is read again with them, a little of it: a file that was emptied since it was looked at is found out before anything
/// is taken from it.
/// </summary>
internal sealed class FileReading(RedactionRules rules)
{
    private readonly FileLines lines = new(rules);
    private readonly byte[] head = new byte[FileProof.Window];
    private byte[] buffer = [];

    /// <summary>The file behind what was read last.</summary>
    public FollowedFile After { get; private set; } = new(default, "", 0, "");

    /// <param name="file">Where it begins; it reads no further than what is known of it.</param>
    /// <param name="from">The same, open.</param>
    /// <param name="isSilent">Nothing more comes now: a line without an end is taken too.</param>
    /// <returns>No bytes: there is no whole line yet, or it is not the file that it was. Valid until the next call. Throws IOException.</returns>
    public FileBlock Next(FollowedFile file, ISourceFile from, bool isSilent)
    {
        var encoding = FollowSettings.Find(file.Encoding);
        // Most lines end soon; only one that does not is worth more.
        var block = Next(file, from, FollowLimits.ReadBytes, encoding, isSilent);
        var whole = FileLines.Wanted(encoding);
        return block.Bytes == 0 && file.Known - file.Offset >= FollowLimits.ReadBytes && whole > FollowLimits.ReadBytes ? Next(file, from, whole, encoding, isSilent) : block;
    }

    private FileBlock Next(FollowedFile file, ISourceFile from, int most, System.Text.Encoding? encoding, bool isSilent)
    {
        var before = FileProof.Bytes(file.Offset);
        var wanted = (int)Math.Min(most, file.Known - file.Offset);
        if (buffer.Length < before + wanted) buffer = new byte[FileProof.Window + most];
        var begin = head.AsSpan(0, before);
        if (from.Read(0, begin) < before) return default;
        var read = from.Read(file.Offset - before, buffer.AsSpan(0, before + wanted));
        if (read <= before || FileProof.Of(begin, buffer.AsSpan(0, before)) != file.Proof) return default;
        lines.KeyLines = file.KeyLines;
        var block = lines.Next(buffer.AsSpan(before, read - before), encoding, file.Offset == 0, file.MidLine, isSilent && wanted == file.Known - file.Offset);
        if (block.Bytes == 0 || (block.Count == 0 && !EndsInText(from, file.Known, encoding))) return default;
        var offset = file.Offset + block.Bytes;
        var known = buffer.AsSpan(0, before + block.Bytes);
        // The first bytes are those of before, and as many of the new ones as there is room for.
        var first = FileProof.Bytes(offset);
        Span<byte> heads = stackalloc byte[FileProof.Window];
        begin.CopyTo(heads);
        if (first > before) known.Slice(before, first - before).CopyTo(heads[before..]);
        After = file with
        {
            Offset = offset,
            Proof = FileProof.Of(heads[..first], known[^first..]),
            MidLine = block.Count == 0 ? file.MidLine : (block.Flags & BlockFlags.Unfinished) != 0,
            KeyLines = lines.KeyLines,
        };
        return block;
    }

    /// <summary>A hole is behind us when something stands behind it; room that a writer has made beforehand is yet to be filled.</summary>
    private static bool EndsInText(ISourceFile from, long known, System.Text.Encoding? encoding)
    {
        Span<byte> room = stackalloc byte[2];
        var last = room[..(WideText.Is(encoding) ? 2 : 1)];
        return from.Read(known - last.Length - (known % last.Length), last) == last.Length && last.ContainsAnyExcept((byte)0);
    }
}
