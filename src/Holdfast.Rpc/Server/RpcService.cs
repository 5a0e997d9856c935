namespace Holdfast.Rpc.Server;

/// <summary>What the base class of every service is: something that can say which methods it has.</summary>
public abstract class RpcService
{
    /// <summary>Adds every method of the service.</summary>
    public abstract void Bind(MethodTable methods);
}
