using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Core.Auditing.Witnessing;

/// <summary>
/// That a witness saw a checkpoint, and that it goes on what the witness had seen of that log before: a signature line under the log's own. c2sp.org/tlog-cosignature knows two kinds, with
/// Ed25519 and with ML-DSA-44, neither of which .NET has everywhere; this one is of its shape, with ECDSA on P-256, and a kind of ours: key id and signed text cannot be taken for one of
/// those, nor for a checkpoint.
/// </summary>
/// <param name="Witness">Its name: the signature is over it, too.</param>
/// <param name="At">When, by the witness's clock, in whole seconds.</param>
public sealed record Cosignature(string Witness, DateTimeOffset At)
{
    /// <summary>What stands behind the byte 0xff (c2sp.org/signed-note: types without a number of their own) in the text that the key's id is made of.</summary>
    public const string Kind = "holdfast-ecdsa-p256-cosignature@v1";

    /// <summary>The first line of what is signed.</summary>
    public const string Header = "holdfast-cosignature@v1";

    private const int TimeBytes = sizeof(long);

    /// <summary>The first four bytes of SHA-256(name, newline, 0xff, <see cref="Kind"/>, newline, SubjectPublicKeyInfo).</summary>
    public static uint KeyId(string witness, NoteKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(witness + "\n"), 0xff, .. Encoding.UTF8.GetBytes(Kind + "\n"), .. key.Info]));
    }

    /// <param name="checkpoint">The text of the note, unsigned.</param>
    /// <param name="sign">ECDSA over SHA-256, in DER.</param>
    public static NoteSignature Make(string witness, NoteKey key, DateTimeOffset at, string checkpoint, Func<byte[], byte[]> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        var seconds = at.ToUnixTimeSeconds();
        var signature = sign(Message(witness, seconds, checkpoint));
        var bytes = new byte[TimeBytes + signature.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, seconds);
        signature.CopyTo(bytes, TimeBytes);
        return new(witness, KeyId(witness, key), bytes);
    }

    /// <summary>Null: the line is not of this key, or <paramref name="isFalse"/>: it says that it is, and does not fit the text.</summary>
    public static Cosignature? Open(NoteSignature line, NoteKey key, string checkpoint, out bool isFalse)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(key);
        isFalse = false;
        if (line.KeyId != KeyId(line.Name, key)) return null;
        var bytes = line.Bytes.Span;
        isFalse = true;
        if (bytes.Length <= TimeBytes) return null;
        var seconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (seconds < 0 || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() || !key.Verifies(Message(line.Name, seconds, checkpoint), bytes[TimeBytes..])) return null;
        isFalse = false;
        return new(line.Name, DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    /// <summary>Which of these witnesses have cosigned a note; null, and why, where one's line does not fit. Each counts once, and lines of others are passed by.</summary>
    public static IReadOnlyDictionary<NoteKey, Cosignature>? Of(ReadOnlySpan<byte> note, IReadOnlyList<NoteKey> witnesses, out string why)
    {
        ArgumentNullException.ThrowIfNull(witnesses);
        if (SignedNote.Parse(note, out why) is not { } read) return null;
        var found = new Dictionary<NoteKey, Cosignature>();
        foreach (var key in witnesses.DistinctBy(witness => witness.Fingerprint))
        {
            foreach (var line in read.Signatures)
            {
                if (Open(line, key, read.Text, out var isFalse) is { } one) found[key] = one;
                if (!isFalse) continue;
                why = $"the line of {line.Name} does not fit its text";
                return null;
            }
        }

        return found;
    }

    /// <summary>What is wrong where fewer have cosigned a note than must have; null: nothing.</summary>
    /// <param name="needed">How many of them.</param>
    public static string? Missing(ReadOnlySpan<byte> note, IReadOnlyList<NoteKey> witnesses, int needed)
    {
        if (needed == 0 && witnesses.Count == 0) return null;
        return Of(note, witnesses, out var why) is not { } found ? $"the cosignatures of its checkpoint do not count: {why}"
            : found.Count < needed ? $"{found.Count} of the {witnesses.Count} given {(witnesses.Count == 1 ? "witness has" : "witnesses have")} cosigned its checkpoint, and {needed} must have"
            : null;
    }

    private static byte[] Message(string witness, long seconds, string checkpoint) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Header}\nwitness {witness}\ntime {seconds}\n{checkpoint}"));
}
