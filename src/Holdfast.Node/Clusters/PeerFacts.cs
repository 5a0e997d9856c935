using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Node.Hosting;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Nodes;

namespace Holdfast.Node.Clusters;

/// <summary>What another node said of itself, and how long it took to say it.</summary>
/// <param name="Clock">By how much its wall clock is ahead of ours, as far as the way there tells: it may be half of <paramref name="Took"/> more or less.</param>
/// <param name="Took">There and back.</param>
/// <param name="DiskBytes">Of the disk that its home is on.</param>
internal sealed record PeerFacts(TimeSpan Clock, TimeSpan Took, long DiskBytes, long DiskFreeBytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Asks it under this node's certificate.</summary>
    public static async Task<Outcome<PeerFacts>> AskAsync(PeerAddress peer, Home home, TimeProvider time, CancellationToken cancel)
    {
        var opened = peer.Open(() => NodeCertificates.Shown(home), time);
        if (!opened.TryGet(out var channel)) return Outcome.Failed<PeerFacts>(opened.Problems);
        using var ends = channel;
        try
        {
            var client = new NodesClient(channel);
            // The first call makes the connection: only the second one's time is the way's.
            await client.GetFactsAsync(new(), new(Patience, cancel));
            var (sent, asked) = (BootClock.SinceBoot, time.GetUtcNow());
            var facts = await client.GetFactsAsync(new(), new(Patience, cancel));
            var took = BootClock.SinceBoot - sent;
            return new PeerFacts(facts.Now.ToDateTimeOffset() - (asked + (took / 2)), took, facts.DiskBytes, facts.DiskFreeBytes);
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            return e.Status.Code == StatusCode.Unimplemented
                ? new Problem(ProblemKind.Unavailable, "cluster.peer-version", "its version does not say it yet")
                : Outcome.Failed<PeerFacts>(ProblemTranslation.ToProblems(e));
        }
    }
}
