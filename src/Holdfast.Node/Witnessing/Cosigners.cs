using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Node.Witnessing;

/// <summary>
/// Offers this node's checkpoints to the other nodes, and keeps the newest with their cosignatures beside the log. One round at a time, and to each witness one offer after the other: an older checkpoint never comes
/// behind a newer one.
/// </summary>
/// <param name="ask">Asks a witness.</param>
/// <param name="peers">The nodes that are there.</param>
internal sealed class Cosigners(
    AuditLog audit, CosignerKeys keys, ChangeRecord record, Func<PeerAddress, WitnessOffer, CancellationToken, Task<Outcome<CosignAuditResponse>>> ask, Func<IReadOnlyList<PeerAddress>> peers, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>A note holds 16 signatures, and the log's own is one.</summary>
    private const int Most = SignedNote.MostSignatures - 1;

    private readonly SemaphoreSlim turn = new(1);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Cosigner> known = new(StringComparer.Ordinal);

    /// <summary>What is known of each witness, by the node's name.</summary>
    public IReadOnlyList<Cosigner> Known
    {
        get
        {
            lock (gate) return [.. known.Values.OrderBy(one => one.Node, StringComparer.Ordinal)];
        }
    }

    public CosignerKeys Keys => keys;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await RoundAsync(sign: false, cancel);
            await Task.Delay(Every, time, cancel);
        }
    }

    /// <summary>Offers the last checkpoint to all who have not cosigned it. Returns when all have answered, or did not in time.</summary>
    /// <param name="sign">Whether what is not signed yet is signed first.</param>
    public async Task RoundAsync(bool sign, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (!audit.SignedCheckpoint(sign).TryGet(out var signed)) return;
            var (checkpoint, note) = signed;
            var there = peers().Take(Most).ToList();
            var asked = there.Where(peer => Find(peer.Node) is not { } one || one.Origin != checkpoint.Origin || one.Line is null || one.Entries < checkpoint.Size).ToList();
            if (asked.Count == 0) return;
            var answers = await Task.WhenAll(asked.Select(peer => OfferAsync(peer, checkpoint, note, cancel)));
            lock (gate)
            {
                foreach (var one in answers) known[one.Node] = one;
            }

            Keep(checkpoint, note);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private Cosigner? Find(string node)
    {
        lock (gate) return known.GetValueOrDefault(node);
    }

    /// <summary>With the lines of all who have cosigned this very checkpoint; where nobody has, the one before stays.</summary>
    private void Keep(Checkpoint checkpoint, byte[] note)
    {
        var lines = Known.Where(one => one.Line is not null && one.Origin == checkpoint.Origin && one.Entries == checkpoint.Size).Select(one => one.Line!).Take(Most).ToList();
        // One that cannot be written leaves the one before, which holds as well; the next round tries again by the next checkpoint.
        if (lines.Count > 0 && SignedNote.Parse(note, out _) is { } own) audit.KeepCosigned((own with { Signatures = [.. own.Signatures, .. lines] }).Format());
    }

    private async Task<Cosigner> OfferAsync(PeerAddress peer, Checkpoint checkpoint, byte[] note, CancellationToken cancel)
    {
        var before = Find(peer.Node) is { } one && one.Origin == checkpoint.Origin ? one : new Cosigner(peer.Node) { Origin = checkpoint.Origin };
        var old = before.Entries <= checkpoint.Size ? before.Entries : 0;
        // What it holds it says when this node does not know it; then once more, from there. Who offers, its certificate says.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var proof = old <= checkpoint.Size ? audit.Consistency(old, checkpoint.Size) : Outcome.Of<IReadOnlyList<TreeHash>>([]);
            if (!proof.TryGet(out var path)) return before with { Trouble = proof.Problems[0].What };
            var asked = await ask(peer, new("", old, path, note, audit.Key), cancel);
            if (!asked.TryGet(out var answer)) return before with { Trouble = asked.Problems[0].What };
            if (answer.Status == CosignDecision.Cosigned) return Took(before, checkpoint, note, answer);
            var held = Held(answer, checkpoint.Origin);
            if (held is not null && Contradicts(held, checkpoint) is { } fork) before = Forked(before, held, answer, fork);
            var known = answer.Status == CosignDecision.Conflict && !answer.Forked && answer.Held.IsEmpty ? 0 : held?.Size;
            if (answer.Forked || answer.Status != CosignDecision.Conflict || known is not { } next || next == old) return before with { Trouble = answer.Why.Length > 0 ? answer.Why : $"it answered {answer.Status}" };
            // Longer than this log is: it is said all the same, so that the witness knows that the log went back.
            old = next;
        }

        return before with { Trouble = "what it holds changes while it is asked" };
    }

    private Cosigner Took(Cosigner before, Checkpoint checkpoint, byte[] note, CosignAuditResponse answer)
    {
        var key = NoteKey.FromPem(answer.PublicKey);
        if (!key.IsOk) return before with { Trouble = $"its key is none: {key.Problems[0].Why}" };
        var lines = SignedNote.Parse([.. Encoding.UTF8.GetBytes(checkpoint.Text + "\n"), .. Encoding.UTF8.GetBytes(answer.Cosignature)], out var why)?.Signatures;
        if (lines is not [var line] || Cosignature.Open(line, key.Value, checkpoint.Text, out _) is not { } made) return before with { Trouble = $"its cosignature does not hold{(why.Length > 0 ? $": {why}" : "")}" };
        var pinned = Pin(before.Node, key.Value);
        return pinned.IsOk
            ? before with { Name = made.Witness, Entries = checkpoint.Size, At = made.At, Line = line, Trouble = "", Fork = before.Fork }
            : before with { Trouble = pinned.Problems[0].What };
    }

    /// <summary>The record knows under which key each witness cosigns, and since when.</summary>
    private Outcome<Done> Pin(string node, NoteKey key)
    {
        var before = keys.Find(node);
        if (before?.Fingerprint == key.Fingerprint) return Outcome.Done;
        var details = new Dictionary<string, string> { [AuditAction.KeyDetail] = key.Fingerprint };
        if (before is not null) details["keyBefore"] = before.Fingerprint;
        return record.Note(new()
        {
            Actor = "holdfast", Action = AuditAction.Witness, Target = node, Outcome = AuditOutcome.Done, Operation = Guid.NewGuid().ToString("n"), Details = details,
        }).Then(_ => keys.Keep(node, key));
    }

    /// <summary>What the witness holds, when this log's own key has signed it: nothing else is evidence.</summary>
    private Checkpoint? Held(CosignAuditResponse answer, string origin) =>
        !answer.Held.IsEmpty && audit.Key is { } key && Checkpoint.Open(answer.Held.Span, key, out _) is { } held && held.Origin == origin ? held : null;

    private string? Contradicts(Checkpoint held, Checkpoint own)
    {
        if (held.Size > own.Size) return $"this log has {own.Size} entries, and {held.Size} were cosigned: it was set back";
        return audit.Consistency(held.Size, own.Size).TryGet(out var path) && !TreeProofCheck.Extends(held.Size, held.Root, own.Size, own.Root, path)
            ? $"this log does not begin with the {held.Size} entries that were cosigned"
            : null;
    }

    private Cosigner Forked(Cosigner before, Checkpoint held, CosignAuditResponse answer, string what)
    {
        if (before.Fork is not null) return before;
        record.Note(new()
        {
            Actor = "holdfast", Action = AuditAction.Forked, Target = held.Origin, Outcome = AuditOutcome.Failed, Operation = Guid.NewGuid().ToString("n"),
            Details = new Dictionary<string, string> { ["reason"] = what, ["witness"] = before.Node, ["held"] = answer.Held.ToStringUtf8() },
        });
        return before with { Fork = what };
    }
}

/// <summary>What this node knows of one that cosigns its log.</summary>
internal sealed record Cosigner(string Node)
{
    /// <summary>Its name as a witness; empty: it has cosigned nothing yet.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of this node's log.</summary>
    public string Origin { get; init; } = "";

    /// <summary>How many entries it has cosigned.</summary>
    public long Entries { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Its line under the checkpoint with so many entries.</summary>
    public NoteSignature? Line { get; init; }

    /// <summary>Why the last offer was not cosigned; empty: it was.</summary>
    public string Trouble { get; init; } = "";

    /// <summary>What it holds contradicts this node's log; null: it does not.</summary>
    public string? Fork { get; init; }
}
