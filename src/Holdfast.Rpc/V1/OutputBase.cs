using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.V1;

/// <summary>What services wrote, and what happened to them. The server's side: what is not overridden is not implemented.</summary>
public abstract class OutputBase : RpcService
{
    public virtual Task Logs(LogsRequest request, IServerStreamWriter<LogLines> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(OutputMethods.Logs.Path);

    public virtual Task Events(EventsRequest request, IServerStreamWriter<Event> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(OutputMethods.Events.Path);

    public sealed override void Bind(MethodTable methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        methods.ServerStreaming(OutputMethods.Logs, Logs);
        methods.ServerStreaming(OutputMethods.Events, Events);
    }
}
