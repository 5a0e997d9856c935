using System.Globalization;
using System.Text;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>What a log says of itself at one size (c2sp.org/tlog-checkpoint). Whoever keeps a signed one can tell later that nothing up to it has changed or gone.</summary>
/// <param name="Origin">Which log: the name of its key in notes, too.</param>
/// <param name="Size">Entries in the tree.</param>
/// <param name="Root">Of the tree of that size.</param>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>What is signed.</summary>
    public string Text => $"{Origin}\n{Size}\n{Root}\n";

    /// <summary>The signed note, with the signature that <paramref name="sign"/> makes over the UTF-8 of the text.</summary>
    public byte[] Sign(NoteKey key, Func<byte[], byte[]> sign)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(sign);
        return new SignedNote(Text, [new NoteSignature(Origin, key.Id, sign(Encoding.UTF8.GetBytes(Text)))]).Format();
    }

    /// <summary>What a note says, unchecked; null where it is no checkpoint. There is one way to write one, and extension lines are not taken.</summary>
    public static Checkpoint? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('\n') is [var origin, var number, var encoded, ""]
            && SignedNote.IsName(origin)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size.ToString(CultureInfo.InvariantCulture) == number
            && TreeHash.Parse(encoded) is { } root
            ? new Checkpoint(origin, size, root)
            : null;
    }

    /// <summary>The checkpoint in a note when the key has signed it under the log's name; null, and why it does not count. Signatures of unknown keys are passed by.</summary>
    public static Checkpoint? Open(ReadOnlySpan<byte> note, NoteKey key, out string why)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (SignedNote.Parse(note, out why) is not { } read)
            return null;
        if (Parse(read.Text) is not { } checkpoint)
        {
            why = "its text is no checkpoint";
            return null;
        }

        var own = read.Signatures.Where(signature => signature.Name == checkpoint.Origin && signature.KeyId == key.Id).ToList();
        var text = Encoding.UTF8.GetBytes(read.Text);
        why = own.Count == 0 ? "this key has not signed it" : own.All(signature => key.Verifies(text, signature.Bytes.Span)) ? "" : "its signature does not fit its text";
        return why.Length == 0 ? checkpoint : null;
    }
}
