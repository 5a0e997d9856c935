using Google.Protobuf;
using Holdfast.Core.Shipping;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Telemetry.Sinks.Otlp.Wire;

namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>OTLP over gRPC. What an answer means is as the protocol's specification says ("OTLP/gRPC", "Failures"), but that nothing is dropped.</summary>
internal sealed class OtlpGrpc(Uri endpoint, RpcTransport transport, OtlpOptions options, TimeProvider time) : IOtlpWay
{
    private const string RetryInfoType = "/google.rpc.RetryInfo";

    private readonly RpcChannel channel = new(transport, time);

    public async Task<OtlpAnswer> SendAsync(ExportLogsServiceRequest request, Metadata headers, CancellationToken cancel)
    {
        try
        {
            return await new LogsService.LogsServiceClient(channel).ExportAsync(request, new(options.Patience, cancel) { Headers = headers, Compress = options.Gzip });
        }
        catch (RpcException failure) when (!cancel.IsCancellationRequested)
        {
            return Judge(failure);
        }
    }

    public void Dispose() => channel.Dispose();

    private Delivery Judge(RpcException failure)
    {
        var why = $"{endpoint.Host}: {failure.Status}";
        // Where nobody spoke for the receiver, nothing was said about the events.
        if (!failure.IsServersWord) return new Delivery.Nothing(why);
        var wait = RetryDelay(failure);
        return failure.Status.Code switch
        {
            // It is larger than the receiver takes, unless it says when it has room again.
            StatusCode.ResourceExhausted when wait is null => new Delivery.TooMuch(why),
            // Of the events: which of them, is found by halves.
            StatusCode.InvalidArgument or StatusCode.Internal or StatusCode.Unknown or StatusCode.AlreadyExists or StatusCode.FailedPrecondition => new Delivery.TooMuch(why),
            // Not now, or somebody has to mend something: a name, a right, a key.
            _ => new Delivery.Nothing(why, wait),
        };
    }

    private static TimeSpan? RetryDelay(RpcException failure)
    {
        if (failure.Details()?.Details.FirstOrDefault(one => one.TypeUrl.EndsWith(RetryInfoType, StringComparison.Ordinal)) is not { } found) return null;
        try
        {
            return RetryInfo.Parser.ParseFrom(found.Value).RetryDelay?.ToTimeSpan() ?? TimeSpan.Zero;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException or OverflowException)
        {
            return TimeSpan.Zero;
        }
    }
}
