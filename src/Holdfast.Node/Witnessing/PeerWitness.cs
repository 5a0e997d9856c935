using Google.Protobuf;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Node.Clusters;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Nodes;

namespace Holdfast.Node.Witnessing;

/// <summary>Asks other nodes to cosign, under this node's certificate.</summary>
internal sealed class PeerWitness(Home home, TimeProvider time) : IDisposable
{
    private readonly PeerChannels channels = new(home, time);

    public async Task<Outcome<CosignAuditResponse>> AskAsync(PeerAddress peer, WitnessOffer offer, TimeSpan patience, CancellationToken cancel)
    {
        var opened = channels.To(peer);
        if (!opened.TryGet(out var channel)) return Outcome.Failed<CosignAuditResponse>(opened.Problems);
        var request = new CosignAuditRequest { OldSize = offer.Old, Checkpoint = ByteString.CopyFrom(offer.Note.Span), PublicKey = offer.Key?.Pem ?? "" };
        foreach (var hash in offer.Proof)
        {
            var bytes = new byte[TreeHash.Bytes];
            hash.CopyTo(bytes);
            request.Proof.Add(ByteString.CopyFrom(bytes));
        }

        try
        {
            return await new NodesClient(channel).CosignAuditAsync(request, new(patience, cancel));
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            return e.Status.Code == StatusCode.Unimplemented
                ? new Problem(ProblemKind.Unavailable, "cluster.peer-version", "its version cosigns nothing")
                : Outcome.Failed<CosignAuditResponse>(ProblemTranslation.ToProblems(e));
        }
    }

    public void Dispose() => channels.Dispose();
}
