using System.Text;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>That a log still begins with what a checkpoint signed that was kept: the consistency proof of RFC 6962 between two signed notes.</summary>
/// <param name="Path">As RFC 6962, section 2.1.2, orders it.</param>
/// <param name="Note">The later checkpoint.</param>
/// <param name="Kept">The one that was kept.</param>
public sealed record AuditExtension(IReadOnlyList<TreeHash> Path, ReadOnlyMemory<byte> Note, ReadOnlyMemory<byte> Kept)
{
    public const string FirstLine = "holdfast-audit-extension@v1";

    private const int MostHashes = 64;

    public byte[] Format() => [.. Encoding.ASCII.GetBytes($"{FirstLine}\n{string.Concat(Path.Select(hash => $"{hash}\n"))}\n"), .. Note.Span, (byte)'\n', .. Kept.Span];

    /// <summary>Unchecked; null where the bytes are none.</summary>
    public static AuditExtension? Parse(ReadOnlyMemory<byte> bytes)
    {
        // Head, the text and the signatures of one note, and of the other.
        var parts = new List<int>();
        for (var at = 0; bytes.Span[at..].IndexOf("\n\n"u8) is >= 0 and var next; at += next + 2)
            parts.Add(at + next);
        if (parts.Count != 4)
            return null;
        var lines = Encoding.ASCII.GetString(bytes.Span[..parts[0]]).Split('\n');
        var path = lines.Skip(1).Select(TreeHash.Parse).ToList();
        return lines[0] == FirstLine && path.Count <= MostHashes && !path.Contains(null)
            ? new([.. path.OfType<TreeHash>()], bytes[(parts[0] + 2)..(parts[2] + 1)], bytes[(parts[2] + 2)..])
            : null;
    }

    /// <summary>The two checkpoints, when the later one extends the one that was kept; null, and why not.</summary>
    public (Checkpoint Kept, Checkpoint Now)? Check(NoteKey key, out string why)
    {
        if (Checkpoint.Open(Note.Span, key, out why) is not { } now)
        {
            why = $"its checkpoint does not count: {why}";
            return null;
        }

        if (Checkpoint.Open(Kept.Span, key, out why) is not { } kept)
        {
            why = $"the checkpoint that was kept does not count: {why}";
            return null;
        }

        why = kept.Origin != now.Origin ? $"the checkpoint that was kept is of {kept.Origin}, and the other of {now.Origin}"
            : !TreeProofCheck.Extends(kept.Size, kept.Root, now.Size, now.Root, Path) ? $"the log does not begin with the {kept.Size} entries that were signed"
            : "";
        return why.Length == 0 ? (kept, now) : null;
    }
}
