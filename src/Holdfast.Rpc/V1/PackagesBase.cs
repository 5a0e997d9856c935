using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.V1;

/// <summary>Packages on this node. The server's side: what is not overridden is not implemented.</summary>
public abstract class PackagesBase : RpcService
{
    public virtual Task<PushResponse> Push(IAsyncStreamReader<PushRequest> requests, ServerCallContext context) =>
        throw RpcException.Unimplemented(PackagesMethods.Push.Path);

    public sealed override void Bind(MethodTable methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        methods.ClientStreaming(PackagesMethods.Push, Push);
    }
}
