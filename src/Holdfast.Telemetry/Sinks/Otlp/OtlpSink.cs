using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Shipping;
using Holdfast.Rpc.Client;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>
/// Events as OpenTelemetry's log records. Delivered is what the receiver has answered for. Where it refuses some of a request it says how many, and not which, and must not be sent them again
/// (OTLP, "Partial success"): all of that request are put aside, and requests are small for a while, so that few are. What comes twice has the same <c>event.id</c>, but OTLP knows none, and keeps both.
/// </summary>
public sealed class OtlpSink : ISink
{
    /// <summary>By what a request becomes smaller where some of one was refused.</summary>
    private const int SmallerBy = 16;

    private readonly IOtlpWay way;
    private readonly OtlpOptions options;
    private int most = int.MaxValue;

    private OtlpSink(IOtlpWay way, OtlpOptions options) => (this.way, this.options) = (way, options);

    /// <param name="endpoint">http:// or https://, without a path.</param>
    /// <param name="believed">Who makes its certificate a good one; null: the machine's own roots.</param>
    /// <param name="time">For its patience.</param>
    public static OtlpSink Grpc(Uri endpoint, X509ChainPolicy? believed, OtlpOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new(new OtlpGrpc(endpoint, RpcTransport.Tcp(endpoint, believed), options, time), options);
    }

    /// <param name="endpoint">http:// or https://; <c>/v1/logs</c> is appended to its path.</param>
    /// <param name="believed">Who makes its certificate a good one; null: the machine's own roots.</param>
    /// <param name="time">For its patience, and dates in answers.</param>
    public static OtlpSink Http(Uri endpoint, X509ChainPolicy? believed, OtlpOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var transport = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false, SslOptions = new() { CertificateChainPolicy = believed } };
        return new(new OtlpHttp(endpoint, transport, options, time), options);
    }

    public async Task<Delivery> DeliverAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(asked);
        // Not sent at all: of a smaller request fewer are put aside.
        if (asked.Count > most) return new Delivery.TooMuch("it refused some of a request before, without a word which");
        var headers = options.Headers().Then(OtlpHeaders.Parse);
        if (!headers.TryGet(out var shown)) return new Delivery.Nothing(headers.Problems[0].What);
        var answer = await way.SendAsync(OtlpRequest.Of(batch, asked), shown, cancel);
        if (answer.Not is { } not) return not;
        var refused = answer.Taken!.PartialSuccess?.RejectedLogRecords ?? 0;
        return refused > 0 ? PutAside(asked.Count, refused, answer.Taken.PartialSuccess!.ErrorMessage) : Taken();
    }

    public ValueTask DisposeAsync()
    {
        way.Dispose();
        return ValueTask.CompletedTask;
    }

    private Delivery.All Taken()
    {
        if (most < int.MaxValue / 2) most *= 2;
        else most = int.MaxValue;
        return Delivery.All.Of;
    }

    private Delivery.Each PutAside(int asked, long refused, string why)
    {
        if (refused < asked) most = Math.Max(1, asked / SmallerBy);
        var said = why.Length > 0 ? why : "no reason";
        var reason = refused >= asked ? said : $"the receiver refused {refused} of {asked} events and does not say which: {said}";
        return new([.. Enumerable.Repeat(new EventAnswer(EventEnd.Never, reason), asked)]);
    }
}
