using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Witnessing;

/// <summary>What a witness says to an offer.</summary>
/// <param name="Decision">With its status.</param>
/// <param name="Line">The cosignature; null: it is not cosigned.</param>
/// <param name="Held">What is held, signed by the log: to whom it belongs it shows where the two part.</param>
internal sealed record WitnessAnswer(CosignDecision Decision, NoteSignature? Line, WitnessedLog? Held);

/// <summary>
/// This node as the witness of other nodes' logs. One offer at a time: what is held is compared and written in one piece, and on disk before anything is answered.
/// </summary>
/// <param name="node">Its name.</param>
internal sealed class AuditWitness(string node, WitnessBook book, AuditLog audit, ChangeRecord record, TimeProvider time)
{
    private readonly Lock turn = new();

    /// <summary>Under which it cosigns.</summary>
    public string Name { get; } = LogNames.Witness(node);

    public WitnessBook Book => book;

    /// <summary>That others check its cosignatures with. Problems: <c>audit.no-key</c>.</summary>
    public Outcome<NoteKey> Key => audit.Key is { } key ? key : new Problem(ProblemKind.Unavailable, "audit.no-key", $"The audit log of {node} signs nothing, and so it cosigns nothing.");

    /// <summary>Problems: the disk's, <c>audit.witness-file</c>, <c>audit.no-key</c>: it is neither cosigned nor refused.</summary>
    /// <param name="by">Who offers it.</param>
    public Outcome<WitnessAnswer> Take(WitnessOffer offer, Actor by)
    {
        lock (turn)
        {
            var origin = Cosigning.OriginOf(offer.Note.Span, out _);
            var found = origin is null ? Outcome.Of<WitnessedLog?>(null) : book.Find(offer.Node, origin);
            if (!found.IsOk) return Outcome.Failed<WitnessAnswer>(found.Problems);
            var others = book.Logs.Where(log => log.Node == offer.Node).ToList();
            var decision = Cosigning.Decide(found.Value, others.Count, offer, time.GetUtcNow());
            if (decision.Keep is { } keep)
            {
                // The record first: a crash in between writes it twice, and hides nothing.
                var noted = Noted(decision, keep, others, found.Value, by).Then(_ => book.Keep(keep));
                if (!noted.IsOk) return Outcome.Failed<WitnessAnswer>(noted.Problems);
            }

            var held = decision.Keep ?? found.Value;
            if (decision.Status != CosignDecision.Cosigned) return new WitnessAnswer(decision, null, held);
            var text = SignedNote.Parse(offer.Note.Span, out _)!.Text;
            return audit.Cosign(Name, text).Then(line => Outcome.Of(new WitnessAnswer(decision, line, held)));
        }
    }

    private Outcome<Done> Noted(CosignDecision decision, WitnessedLog keep, List<WitnessedLog> others, WitnessedLog? before, Actor by)
    {
        var details = new Dictionary<string, string>();
        if (decision.IsFirst)
        {
            details[AuditAction.KeyDetail] = keep.Open(out _)!.Value.Key.Fingerprint;
            // Another log of the same node: it was restored or begun anew, or somebody began a new history.
            if (others.MaxBy(log => log.FirstSeen) is { } last) details["logBefore"] = last.Origin;
            return Note(AuditAction.Witnessing, AuditOutcome.Done, keep.Origin, details, by);
        }

        if (decision.Fork is not { } fork) return Outcome.Done;
        details["reason"] = fork.What;
        details["held"] = before!.Note;
        details["offered"] = fork.Note;
        return Note(AuditAction.Forked, AuditOutcome.Refused, keep.Origin, details, by);
    }

    private Outcome<Done> Note(string action, AuditOutcome outcome, string target, Dictionary<string, string> details, Actor by) => record.Note(new()
    {
        Actor = by.Name,
        Action = action,
        Target = target,
        Outcome = outcome,
        Operation = Guid.NewGuid().ToString("n"),
        Details = by.With(details),
    });
}
