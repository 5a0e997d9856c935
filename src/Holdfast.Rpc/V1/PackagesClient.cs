using Holdfast.Rpc.Client;

namespace Holdfast.Rpc.V1;

/// <summary>Packages on this node. The client's side.</summary>
public sealed class PackagesClient(RpcChannel channel)
{
    public ClientStreamingCall<PushRequest, PushResponse> Push(CallOptions options = default) =>
        channel.ClientStreaming(PackagesMethods.Push, options);
}
