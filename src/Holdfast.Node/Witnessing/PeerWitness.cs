using System.Collections.Concurrent;
using Google.Protobuf;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Node.Hosting;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Nodes;

namespace Holdfast.Node.Witnessing;

/// <summary>Asks other nodes to cosign, under this node's certificate.</summary>
internal sealed class PeerWitness(Home home, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<PeerAddress, RpcChannel> channels = new();

    public async Task<Outcome<CosignAuditResponse>> AskAsync(PeerAddress peer, WitnessOffer offer, TimeSpan patience, CancellationToken cancel)
    {
        if (!channels.TryGetValue(peer, out var channel))
        {
            var opened = peer.Open(() => NodeCertificates.Shown(home), time);
            if (!opened.TryGet(out var made)) return Outcome.Failed<CosignAuditResponse>(opened.Problems);
            channel = channels.GetOrAdd(peer, made);
            if (channel != made) made.Dispose();
        }

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

    public void Dispose()
    {
        foreach (var channel in channels.Values) channel.Dispose();
    }
}
