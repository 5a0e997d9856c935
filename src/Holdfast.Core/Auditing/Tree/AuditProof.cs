using System.Globalization;
using System.Text;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>
/// A receipt for one entry (c2sp.org/tlog-proof@v1): its place, the way to the root, and the signed checkpoint. The entry itself is in the
/// extra line; nothing vouches for that line but the proof.
/// </summary>
/// <param name="Index">Of the entry in the tree, from 0.</param>
/// <param name="Path">From the entry's sibling up.</param>
/// <param name="Note">The signed checkpoint as it is.</param>
/// <param name="Entry">The line without its newline; null: the proof came without it.</param>
public sealed record AuditProof(long Index, IReadOnlyList<TreeHash> Path, ReadOnlyMemory<byte> Note, ReadOnlyMemory<byte>? Entry)
{
    public const string FirstLine = "c2sp.org/tlog-proof@v1";

    private const string Extra = "extra ";
    private const string IndexWord = "index ";

    /// <summary>A path has a hash for each bit of the size at most.</summary>
    private const int MostHashes = 63;

    public byte[] Format()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        if (Entry is { } entry)
            text.Append(Extra).Append(Convert.ToBase64String(entry.Span)).Append('\n');
        text.Append(IndexWord).Append(Index.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Path)
            text.Append(hash).Append('\n');
        return [.. Encoding.ASCII.GetBytes(text.Append('\n').ToString()), .. Note.Span];
    }

    /// <summary>The proof, unchecked, or null where the bytes are none.</summary>
    public static AuditProof? Parse(ReadOnlyMemory<byte> bytes)
    {
        var end = bytes.Span.IndexOf("\n\n"u8);
        if (end < 0)
            return null;
        var lines = new Queue<string>(Encoding.UTF8.GetString(bytes.Span[..end]).Split('\n'));
        if (!lines.TryDequeue(out var first) || first != FirstLine)
            return null;
        byte[]? entry = null;
        if (lines.TryPeek(out var extra) && extra.StartsWith(Extra, StringComparison.Ordinal))
        {
            entry = Decode(lines.Dequeue()[Extra.Length..]);
            if (entry is null)
                return null;
        }

        if (!lines.TryDequeue(out var place) || !place.StartsWith(IndexWord, StringComparison.Ordinal)
            || !long.TryParse(place[IndexWord.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index.ToString(CultureInfo.InvariantCulture) != place[IndexWord.Length..])
            return null;
        var path = lines.Select(TreeHash.Parse).ToList();
        if (path.Count > MostHashes || path.Contains(null))
            return null;
        ReadOnlyMemory<byte>? whole = entry is null ? null : (ReadOnlyMemory<byte>)entry;
        return new AuditProof(index, [.. path.OfType<TreeHash>()], bytes[(end + 2)..], whole);
    }

    /// <summary>The entry that is proven, and the checkpoint that it is proven by; null, and why not.</summary>
    public (AuditEntry Entry, Checkpoint Checkpoint)? Check(NoteKey key, out string why)
    {
        if (Checkpoint.Open(Note.Span, key, out why) is not { } checkpoint)
        {
            why = $"its checkpoint does not count: {why}";
            return null;
        }

        if (Entry is not { } line)
        {
            why = "the entry is not in it";
            return null;
        }

        if (!TreeProofCheck.Includes(TreeHash.Leaf(line.Span), Index, checkpoint.Size, Path, checkpoint.Root))
        {
            why = $"its entry is not entry {Index + 1} of the tree that the checkpoint signs";
            return null;
        }

        if (AuditLine.Parse([.. line.Span, (byte)'\n'], out var fault) is { } entry)
            return (entry, checkpoint);
        why = $"what is proven is no entry: {fault}";
        return null;
    }

    private static byte[]? Decode(string encoded)
    {
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == encoded ? bytes[..length] : null;
    }
}
