using System.Reflection;
using Xunit.Sdk;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>One peer, in plain HTTP/2 and in mutual TLS; skipped by name where the peer is not there.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class PeerDataAttribute : DataAttribute
{
    private readonly string peer;

    public PeerDataAttribute(string peer)
    {
        this.peer = peer;
        Skip = Peer.Named(peer).Missing!;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[peer, false], [peer, true]];
}
