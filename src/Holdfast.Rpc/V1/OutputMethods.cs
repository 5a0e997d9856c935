namespace Holdfast.Rpc.V1;

/// <summary>The methods of <c>holdfast.v1.Output</c>: what services wrote, and what happened to them.</summary>
public static class OutputMethods
{
    public const string Service = "holdfast.v1.Output";

    public static readonly Method<LogsRequest, LogLines> Logs =
        new(MethodKind.ServerStreaming, Service, nameof(Logs), LogsRequest.Parser, LogLines.Parser);

    public static readonly Method<EventsRequest, Event> Events =
        new(MethodKind.ServerStreaming, Service, nameof(Events), EventsRequest.Parser, Event.Parser);
}
