using System.Text;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Core.Auditing.Witnessing;

/// <summary>A checkpoint that a node offers of its log.</summary>
/// <param name="Node">Who offers it, by its certificate.</param>
/// <param name="Old">How many entries the checkpoint has that the witness holds, as far as the node knows; 0: it knows of none.</param>
/// <param name="Proof">That the log goes on from there (RFC 6962, section 2.1.2).</param>
/// <param name="Note">The signed checkpoint.</param>
/// <param name="Key">The log's key, which counts at the first contact only; null: none was given.</param>
public sealed record WitnessOffer(string Node, long Old, IReadOnlyList<TreeHash> Proof, ReadOnlyMemory<byte> Note, NoteKey? Key);

/// <summary>What a witness answers, and what it does before.</summary>
/// <param name="Status">As c2sp.org/tlog-witness numbers it: 200 cosigned, 400 no offer, 403 not signed by the log's key, 404 not known, 409 the witness holds another checkpoint than the node thinks, 422 the proof does not hold.</param>
/// <param name="Why">A sentence; empty when it is cosigned.</param>
public sealed record CosignDecision(int Status, string Why)
{
    public const int Cosigned = 200, Malformed = 400, Forbidden = 403, Unknown = 404, Conflict = 409, BadProof = 422;

    /// <summary>On disk before anything is answered; null: what is held stays.</summary>
    public WitnessedLog? Keep { get; init; }

    /// <summary>The log was not known before: its key is pinned by this.</summary>
    public bool IsFirst { get; init; }

    /// <summary>The log contradicts what is held, and this is the first offer that shows it.</summary>
    public LogFork? Fork { get; init; }

    /// <summary>The log contradicts what is held.</summary>
    public bool IsForked { get; init; }
}

/// <summary>Decides whether a witness cosigns (c2sp.org/tlog-witness): only what goes on from all that it has cosigned of that log.</summary>
public static class Cosigning
{
    /// <summary>Logs of one node that a witness holds: one each time its log begun anew or was restored. More are refused, so that no node fills another's disk.</summary>
    public const int MostLogs = 64;

    private const int MostHashes = 63;

    /// <param name="held">What is held of the log that the offer names, as this node's: what another node calls its log is another log. Null: nothing.</param>
    /// <param name="logs">How many logs of that node are held.</param>
    public static CosignDecision Decide(WitnessedLog? held, int logs, WitnessOffer offer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(offer);
        if (OriginOf(offer.Note.Span, out var why) is not { } origin) return new(CosignDecision.Malformed, $"It is no checkpoint: {why}.");
        if (offer.Old < 0 || offer.Proof.Count > MostHashes) return new(CosignDecision.Malformed, "It is no offer: its old size is negative, or its proof is too long.");
        if (held is not null && held.Node != offer.Node) throw new ArgumentException($"What is held is of {held.Node}, and {offer.Node} offers.", nameof(held));
        return held is null ? First(origin, logs, offer, now) : Next(held, offer, now);
    }

    /// <summary>Which log an offer is of, unchecked; null, and why: it is no checkpoint.</summary>
    public static string? OriginOf(ReadOnlySpan<byte> note, out string why)
    {
        if (SignedNote.Parse(note, out why) is not { } read) return null;
        why = "its text is none";
        return Checkpoint.Parse(read.Text)?.Origin;
    }

    private static CosignDecision First(string origin, int logs, WitnessOffer offer, DateTimeOffset now)
    {
        if (offer.Key is not { } key) return new(CosignDecision.Unknown, $"{origin} is not known here.");
        if (logs >= MostLogs) return new(CosignDecision.Forbidden, $"{logs} logs of {offer.Node} are known here, and no more are taken.");
        if (Checkpoint.Open(offer.Note.Span, key, out var why) is null) return new(CosignDecision.Forbidden, $"The checkpoint does not count: {why}.");
        if (offer.Old != 0) return new(CosignDecision.Conflict, "Nothing is held of this log.");
        if (offer.Proof.Count > 0) return new(CosignDecision.BadProof, "From nothing there is nothing to prove.");
        return new(CosignDecision.Cosigned, "")
        {
            IsFirst = true,
            Keep = new() { Origin = origin, Node = offer.Node, Key = key.Pem, Note = Encoding.UTF8.GetString(offer.Note.Span), FirstSeen = now, At = now },
        };
    }

    private static CosignDecision Next(WitnessedLog held, WitnessOffer offer, DateTimeOffset now)
    {
        if (held.Open(out var why) is not { } known) throw new ArgumentException($"What is held of {held.Origin} is not whole: {why}.", nameof(held));
        if (Checkpoint.Open(offer.Note.Span, known.Key, out why) is not { } offered) return new(CosignDecision.Forbidden, $"The checkpoint does not count: {why}.");
        var last = known.Checkpoint;
        // A log that never went back cannot know of a checkpoint that is longer than itself. One that comes late, behind a newer one, does not: it names what it knew then.
        if (offer.Old > offered.Size)
        {
            return offer.Old == last.Size
                ? Forked(held, offer, now, CosignDecision.Conflict, $"{held.Origin} has {offered.Size} entries, and had {last.Size}: it was set back")
                : new(CosignDecision.Malformed, "It goes on from more entries than it has.");
        }

        if (offered.Size == last.Size && offered.Root != last.Root)
            return Forked(held, offer, now, CosignDecision.Conflict, $"{held.Origin} has signed two histories of {last.Size} entries");
        if (offer.Old != last.Size) return new(CosignDecision.Conflict, $"{last.Size} entries are held of {held.Origin}, not {offer.Old}.");
        if (offered.Size == last.Size && offer.Proof.Count > 0) return new(CosignDecision.BadProof, "Between equals there is nothing to prove.");
        if (!TreeProofCheck.Extends(last.Size, last.Root, offered.Size, offered.Root, offer.Proof))
            return Forked(held, offer, now, CosignDecision.BadProof, $"{held.Origin} with {offered.Size} entries does not begin with the {last.Size} that were cosigned");
        return new(CosignDecision.Cosigned, "") { Keep = offered.Size == last.Size ? null : held with { Note = Encoding.UTF8.GetString(offer.Note.Span), At = now } };
    }

    /// <summary>What is held stays, with the first evidence beside it.</summary>
    private static CosignDecision Forked(WitnessedLog held, WitnessOffer offer, DateTimeOffset now, int status, string what)
    {
        var fork = held.Fork is null ? new LogFork(what + ".", Encoding.UTF8.GetString(offer.Note.Span), now) : null;
        return new(status, what + ".") { IsForked = true, Fork = fork, Keep = fork is null ? null : held with { Fork = fork } };
    }
}
