using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Nodes;

namespace Holdfast.Node.Clusters;

/// <summary>Asks other nodes for their promises, under this node's certificate. A channel to each is kept, since a promise that comes late is none.</summary>
internal sealed class PeerPromises(Home home, TimeProvider time) : IDisposable
{
    private readonly PeerChannels channels = new(home, time);

    /// <param name="promise">That it leads the service in no epoch above that of this one.</param>
    /// <param name="patience">After which an answer means nothing any more.</param>
    /// <returns>Done when the node has its promise on disk. Any problem: it has promised nothing that one may rely on.</returns>
    public async Task<Outcome<Done>> AskAsync(PeerAddress peer, PromiseRequest promise, TimeSpan patience, CancellationToken cancel)
    {
        var opened = channels.To(peer);
        if (!opened.TryGet(out var channel)) return Outcome.Failed<Done>(opened.Problems);
        try
        {
            await new NodesClient(channel).PromiseAsync(promise, new(patience, cancel));
            return Outcome.Done;
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            return e.Status.Code == StatusCode.Unimplemented
                ? new Problem(ProblemKind.Unavailable, "cluster.peer-version", "its version knows no promises")
                : Outcome.Failed<Done>(ProblemTranslation.ToProblems(e));
        }
    }

    public void Dispose() => channels.Dispose();
}
