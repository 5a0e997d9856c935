using Google.Protobuf;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Node.Witnessing;

/// <summary>Offers and answers as they cross the network.</summary>
internal static class WitnessWords
{
    /// <summary>Problems: <c>audit.offer</c>: no node of ours sends such a thing.</summary>
    /// <param name="node">Who offers it, by its certificate.</param>
    public static Outcome<WitnessOffer> Offer(CosignAuditRequest request, string node)
    {
        if (request.Proof.Any(hash => hash.Length != TreeHash.Bytes)) return new Problem(ProblemKind.BadInput, "audit.offer", "The proof is none: each of its hashes has 32 bytes.");
        var key = request.PublicKey.Length == 0 ? Outcome.Of<NoteKey?>(null) : NoteKey.FromPem(request.PublicKey).Then(read => Outcome.Of<NoteKey?>(read));
        return key.Then(read => Outcome.Of(new WitnessOffer(node, request.OldSize, [.. request.Proof.Select(hash => TreeHash.From(hash.Span))], request.Checkpoint.Memory, read)));
    }

    public static CosignAuditResponse Answer(WitnessAnswer answer, string name, NoteKey key) => new()
    {
        Status = answer.Decision.Status,
        Why = answer.Decision.Why,
        Cosignature = answer.Line?.Line() ?? "",
        PublicKey = key.Pem,
        Name = name,
        // Whose log it is not is not told what is held of it.
        Held = answer.Decision.Status is CosignDecision.Conflict or CosignDecision.BadProof && answer.Held is { } held ? ByteString.CopyFromUtf8(held.Note) : ByteString.Empty,
        Forked = answer.Decision.IsForked,
    };

    public static Problem OnlyNodes(string caller) => new(ProblemKind.Refused, "audit.only-nodes", $"{caller} is no node: a node's audit log is offered by that node.");
}
