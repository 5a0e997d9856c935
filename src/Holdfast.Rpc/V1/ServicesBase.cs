using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.V1;

/// <summary>What runs, and what should. The server's side: what is not overridden is not implemented.</summary>
public abstract class ServicesBase : RpcService
{
    public virtual Task<ListInstancesResponse> ListInstances(ListInstancesRequest request, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.ListInstances.Path);

    public virtual Task<GetHistoryResponse> GetHistory(GetHistoryRequest request, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.GetHistory.Path);

    public virtual Task Deploy(DeployRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.Deploy.Path);

    public virtual Task Rollback(RollbackRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.Rollback.Path);

    public virtual Task Start(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.Start.Path);

    public virtual Task Stop(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.Stop.Path);

    public virtual Task Restart(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.Restart.Path);

    public virtual Task Reload(ServiceRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.Reload.Path);

    public virtual Task Signal(SignalRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.Signal.Path);

    public virtual Task Remove(RemoveRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(ServicesMethods.Remove.Path);

    public sealed override void Bind(MethodTable methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        methods.Unary(ServicesMethods.ListInstances, ListInstances);
        methods.Unary(ServicesMethods.GetHistory, GetHistory);
        methods.ServerStreaming(ServicesMethods.Deploy, Deploy);
        methods.ServerStreaming(ServicesMethods.Rollback, Rollback);
        methods.ServerStreaming(ServicesMethods.Start, Start);
        methods.ServerStreaming(ServicesMethods.Stop, Stop);
        methods.ServerStreaming(ServicesMethods.Restart, Restart);
        methods.ServerStreaming(ServicesMethods.Reload, Reload);
        methods.ServerStreaming(ServicesMethods.Signal, Signal);
        methods.ServerStreaming(ServicesMethods.Remove, Remove);
    }
}
