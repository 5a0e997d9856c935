using Holdfast.Core.Problems;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;

namespace Holdfast.Node.Packages;

/// <summary>Another node, and where its agent answers.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Address">HOST:PORT; the host is one of those that its certificate is for.</param>
public sealed record PeerAddress(string Node, string Address)
{
    /// <summary>A channel to it, which the caller ends. Nothing is sent yet.</summary>
    /// <param name="identity">What is shown to it; asked for at each handshake.</param>
    /// <param name="time">Of its calls.</param>
    internal Outcome<RpcChannel> Open(Func<TlsIdentity> identity, TimeProvider time) => Uri.TryCreate($"https://{Address}", UriKind.Absolute, out var at)
        ? new RpcChannel(RpcTransport.Tls(at, identity), time)
        : new Problem(ProblemKind.Failed, "peer.address", $"'{Address}' is no address");

    public override string ToString() => $"{Node} ({Address})";
}
