using System.Text;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>One signature under a note: who says it made it, and the bytes behind the key's id.</summary>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes)
{
    public string Line()
    {
        var all = new byte[4 + Bytes.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(all, KeyId);
        Bytes.Span.CopyTo(all.AsSpan(4));
        return $"— {Name} {Convert.ToBase64String(all)}\n";
    }
}

/// <summary>A signed note (c2sp.org/signed-note): a text that ends with a newline, an empty line, and signatures. Nothing of it counts before a signature was checked.</summary>
/// <param name="Text">What is signed, its last newline included.</param>
/// <param name="Signatures">In their order; of keys known and unknown.</param>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>As many as every reader has to take.</summary>
    public const int MostSignatures = 16;

    /// <summary>Bytes: three short lines, and signatures of the longest kind.</summary>
    public const int LongestBytes = 128 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The note, or null and why it is none.</summary>
    public static SignedNote? Parse(ReadOnlySpan<byte> bytes, out string why)
    {
        string text;
        try
        {
            text = bytes.Length <= LongestBytes ? Strict.GetString(bytes) : "";
        }
        catch (ArgumentException)
        {
            text = "";
        }

        var end = text.LastIndexOf("\n\n", StringComparison.Ordinal);
        why = text.Length == 0 ? "it is empty, too long, or not UTF-8"
            : text.Any(c => c is < ' ' and not '\n') ? "it holds control characters"
            : end <= 0 ? "no empty line stands before its signatures"
            : text[^1] != '\n' ? "it does not end with a newline"
            : "";
        if (why.Length > 0)
            return null;
        var lines = text[(end + 2)..].Split('\n')[..^1];
        var signatures = lines.Select(ParseLine).ToList();
        why = lines.Length == 0 ? "it has no signature" : lines.Length > MostSignatures ? "it has too many signatures" : signatures.Contains(null) ? "a line of its signatures is none" : "";
        return why.Length == 0 ? new SignedNote(text[..(end + 1)], [.. signatures.OfType<NoteSignature>()]) : null;
    }

    public byte[] Format() => Strict.GetBytes(Text + "\n" + string.Concat(Signatures.Select(signature => signature.Line())));

    /// <summary>What a name of a key may be: not empty, without spaces and plus.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+');
    }

    private static NoteSignature? ParseLine(string line)
    {
        if (line.Split(' ') is not ["—", var name, var encoded] || !IsName(name))
            return null;
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) && length > 4 && Convert.ToBase64String(bytes, 0, length) == encoded
            ? new NoteSignature(name, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4, length - 4))
            : null;
    }
}
