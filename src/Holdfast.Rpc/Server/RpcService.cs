using Google.Protobuf.Reflection;

namespace Holdfast.Rpc.Server;

/// <summary>What the base class of every service is: something that can say which methods it has.</summary>
public abstract class RpcService
{
    /// <summary>What its .proto says; null: it was written without one, and reflection does not know it.</summary>
    public virtual ServiceDescriptor? Descriptor => null;

    /// <summary>Adds every method of the service.</summary>
    public abstract void Bind(MethodTable methods);
}
