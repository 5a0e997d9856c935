using Holdfast.Rpc.Client;

namespace Holdfast.Rpc.V1;

/// <summary>What services wrote, and what happened to them. The client's side.</summary>
public sealed class OutputClient(RpcChannel channel)
{
    public ServerStreamingCall<LogLines> Logs(LogsRequest request, CallOptions options = default) =>
        channel.ServerStreaming(OutputMethods.Logs, request, options);

    public ServerStreamingCall<Event> Events(EventsRequest request, CallOptions options = default) =>
        channel.ServerStreaming(OutputMethods.Events, request, options);
}
