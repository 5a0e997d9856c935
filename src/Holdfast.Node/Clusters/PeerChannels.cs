using System.Collections.Concurrent;
using Holdfast.Core.Problems;
using Holdfast.Node.Hosting;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Rpc.Client;

namespace Holdfast.Node.Clusters;

/// <summary>Channels to other nodes, under this node's certificate: one to each, kept for what is asked again and again.</summary>
internal sealed class PeerChannels(Home home, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<PeerAddress, RpcChannel> channels = new();

    /// <summary>The channel is not the caller's to end. Problems: those of this node's certificate.</summary>
    public Outcome<RpcChannel> To(PeerAddress peer)
    {
        if (channels.TryGetValue(peer, out var known)) return known;
        return peer.Open(() => NodeCertificates.Shown(home), time).Then<RpcChannel>(made =>
        {
            var kept = channels.GetOrAdd(peer, made);
            // Another has opened one meanwhile.
            if (kept != made) made.Dispose();
            return kept;
        });
    }

    public void Dispose()
    {
        foreach (var channel in channels.Values) channel.Dispose();
    }
}
