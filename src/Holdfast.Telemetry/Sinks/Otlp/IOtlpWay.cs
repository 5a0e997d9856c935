using Holdfast.Core.Shipping;
using Holdfast.Rpc;
using Holdfast.Telemetry.Sinks.Otlp.Wire;

namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>How requests travel: gRPC, or protobuf over HTTP.</summary>
internal interface IOtlpWay : IDisposable
{
    /// <summary>Sends one request and waits for its answer. Never a fault of the receiver as an exception.</summary>
    Task<OtlpAnswer> SendAsync(ExportLogsServiceRequest request, Metadata headers, CancellationToken cancel);
}

/// <summary>What a receiver answered.</summary>
/// <param name="Taken">Its own answer: it has the request, or all but what this says.</param>
/// <param name="Not">It has nothing of it; one of the two is there.</param>
internal sealed record OtlpAnswer(ExportLogsServiceResponse? Taken, Delivery? Not)
{
    public static implicit operator OtlpAnswer(Delivery not) => new(null, not);

    public static implicit operator OtlpAnswer(ExportLogsServiceResponse taken) => new(taken, null);
}
