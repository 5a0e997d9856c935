namespace Holdfast.Rpc.V1;

/// <summary>The methods of <c>holdfast.v1.Services</c>: what runs, and what should.</summary>
public static class ServicesMethods
{
    public const string Service = "holdfast.v1.Services";

    public static readonly Method<ListInstancesRequest, ListInstancesResponse> ListInstances =
        new(MethodKind.Unary, Service, nameof(ListInstances), ListInstancesRequest.Parser, ListInstancesResponse.Parser);

    public static readonly Method<GetHistoryRequest, GetHistoryResponse> GetHistory =
        new(MethodKind.Unary, Service, nameof(GetHistory), GetHistoryRequest.Parser, GetHistoryResponse.Parser);

    public static readonly Method<DeployRequest, Progress> Deploy =
        new(MethodKind.ServerStreaming, Service, nameof(Deploy), DeployRequest.Parser, Progress.Parser);

    public static readonly Method<RollbackRequest, Progress> Rollback =
        new(MethodKind.ServerStreaming, Service, nameof(Rollback), RollbackRequest.Parser, Progress.Parser);

    public static readonly Method<ServiceRequest, Progress> Start =
        new(MethodKind.ServerStreaming, Service, nameof(Start), ServiceRequest.Parser, Progress.Parser);

    public static readonly Method<ServiceRequest, Progress> Stop =
        new(MethodKind.ServerStreaming, Service, nameof(Stop), ServiceRequest.Parser, Progress.Parser);

    public static readonly Method<ServiceRequest, Progress> Restart =
        new(MethodKind.ServerStreaming, Service, nameof(Restart), ServiceRequest.Parser, Progress.Parser);

    public static readonly Method<ServiceRequest, Progress> Reload =
        new(MethodKind.ServerStreaming, Service, nameof(Reload), ServiceRequest.Parser, Progress.Parser);

    public static readonly Method<SignalRequest, Progress> Signal =
        new(MethodKind.ServerStreaming, Service, nameof(Signal), SignalRequest.Parser, Progress.Parser);

    public static readonly Method<RemoveRequest, Progress> Remove =
        new(MethodKind.ServerStreaming, Service, nameof(Remove), RemoveRequest.Parser, Progress.Parser);
}
