using Holdfast.Rpc.Client;

namespace Holdfast.Rpc.V1;

/// <summary>What runs, and what should. The client's side.</summary>
public sealed class ServicesClient(RpcChannel channel)
{
    public Task<ListInstancesResponse> ListInstancesAsync(ListInstancesRequest request, CallOptions options = default) =>
        channel.UnaryAsync(ServicesMethods.ListInstances, request, options);

    public Task<GetHistoryResponse> GetHistoryAsync(GetHistoryRequest request, CallOptions options = default) =>
        channel.UnaryAsync(ServicesMethods.GetHistory, request, options);

    public ServerStreamingCall<Progress> Deploy(DeployRequest request, CallOptions options = default) =>
        channel.ServerStreaming(ServicesMethods.Deploy, request, options);

    public ServerStreamingCall<Progress> Rollback(RollbackRequest request, CallOptions options = default) =>
        channel.ServerStreaming(ServicesMethods.Rollback, request, options);

    public ServerStreamingCall<Progress> Start(ServiceRequest request, CallOptions options = default) =>
        channel.ServerStreaming(ServicesMethods.Start, request, options);

    public ServerStreamingCall<Progress> Stop(ServiceRequest request, CallOptions options = default) =>
        channel.ServerStreaming(ServicesMethods.Stop, request, options);

    public ServerStreamingCall<Progress> Restart(ServiceRequest request, CallOptions options = default) =>
        channel.ServerStreaming(ServicesMethods.Restart, request, options);

    public ServerStreamingCall<Progress> Reload(ServiceRequest request, CallOptions options = default) =>
        channel.ServerStreaming(ServicesMethods.Reload, request, options);

    public ServerStreamingCall<Progress> Signal(SignalRequest request, CallOptions options = default) =>
        channel.ServerStreaming(ServicesMethods.Signal, request, options);

    public ServerStreamingCall<Progress> Remove(RemoveRequest request, CallOptions options = default) =>
        channel.ServerStreaming(ServicesMethods.Remove, request, options);
}
