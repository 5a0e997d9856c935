using System.Globalization;

namespace Holdfast.Core.Sources;

/// <summary>A file that lines are read from, and how far: all before the offset is in the segments, nothing behind it is.</summary>
/// <param name="Path">Where it was seen last.</param>
/// <param name="Offset">Of the first byte that was not read.</param>
/// <param name="Proof">
/// Of what was read: whoever has another proof at the offset has other content, whatever its identity says. Empty: nothing was read, and any content may come.
/// </param>
public sealed record FollowedFile(FileIdentity Identity, string Path, long Offset, string Proof)
{
    /// <summary>How long it was when it was seen last, in bytes: so much is known to have been there.</summary>
    public long Known { get; init; }

    /// <summary>The offset is in the middle of a line, whose beginning was stored without its end.</summary>
    public bool MidLine { get; init; }

    /// <summary>The offset is in the middle of a private key: so many lines of it may still come (<see cref="Redaction.Redactor.PrivateKeyLines"/>).</summary>
    public int KeyLines { get; init; }

    /// <summary>The encoding of the pattern that it was found by.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>No name leads to it any more; who has it open reads on.</summary>
    public bool IsGone { get; init; }

    /// <summary>How its name stood to the patterns when it was seen last.</summary>
    public FileKind Kind { get; init; }

    /// <summary>So many looks in a row have not shown it.</summary>
    public int Missed { get; init; }

    /// <summary>Since when it was not seen, on the clock of whoever looks; null: it was. A folder in which something is renamed meanwhile may not show it.</summary>
    public TimeSpan? MissingSince { get; init; }

    /// <summary>There is more to read.</summary>
    public bool HasMore => Known > Offset;

    /// <summary>What stands with a block of its lines beside path and offset.</summary>
    public string State() => string.Create(CultureInfo.InvariantCulture, $"{Identity} {(Proof.Length == 0 ? "-" : Proof)} {KeyLines} {Encoding}");

    /// <summary>The file as it was when the block was written; null: that is no such state.</summary>
    /// <param name="path">Of the block's origin.</param>
    /// <param name="end">Of the block's origin.</param>
    /// <param name="state">What <see cref="State"/> gave.</param>
    /// <param name="midLine">The block's last line has no end.</param>
    public static FollowedFile? Parse(string path, long end, string state, bool midLine)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Split(' ') is [var identity, var proof, var keyLines, var encoding] && FileIdentity.Parse(identity) is { } known
            && int.TryParse(keyLines, NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
            ? new(known, path, end, proof == "-" ? "" : proof) { Known = end, MidLine = midLine, KeyLines = lines, Encoding = encoding }
            : null;
    }
}
