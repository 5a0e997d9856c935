using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Holdfast.Core.Shipping;
using Holdfast.Rpc;
using Holdfast.Telemetry.Sinks.Otlp.Wire;

namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>OTLP as protobuf over HTTP. What an answer means is as the protocol's specification says ("OTLP/HTTP", "Failures"), but that nothing is dropped.</summary>
internal sealed class OtlpHttp : IOtlpWay
{
    private const int LongestAnswer = 4 << 20;

    private readonly Uri url;
    private readonly OtlpOptions options;
    private readonly HttpClient http;
    private readonly TimeProvider time;

    /// <param name="endpoint">As the specification has it: <c>/v1/logs</c> is appended to its path.</param>
    /// <param name="transport">With what it believes of TLS; ended with this.</param>
    public OtlpHttp(Uri endpoint, HttpMessageHandler transport, OtlpOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        url = new(endpoint, endpoint.AbsolutePath.TrimEnd('/') + "/v1/logs");
        http = new(transport) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task<OtlpAnswer> SendAsync(ExportLogsServiceRequest request, Metadata headers, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(options.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await AskAsync(request, headers, either.Token);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new Delivery.Nothing(patience.IsCancellationRequested ? $"{url.Host} gave no answer in {options.Patience.TotalSeconds:0} s" : $"{url.Host} did not answer: {HttpAnswer.Innermost(e).Message}");
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<OtlpAnswer> AskAsync(ExportLogsServiceRequest asked, Metadata headers, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Body(asked)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (options.Gzip) request.Content.Headers.ContentEncoding.Add("gzip");
        foreach (var header in headers) request.Headers.TryAddWithoutValidation(header.Name, header.Text);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var said = await HttpAnswer.ReadAsync(answer.Content, LongestAnswer, cancel);
        if (answer.IsSuccessStatusCode) return Taken(said);
        // The body of a failure is a google.rpc.Status.
        var why = $"{url.Host} answered {(int)answer.StatusCode}: {Message(said)}";
        return answer.StatusCode switch
        {
            HttpStatusCode.RequestEntityTooLarge => new Delivery.TooMuch(why),
            // Of the events: which of them, is found by halves. A collector says 500 of those that it can never take.
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.InternalServerError => new Delivery.TooMuch(why),
            _ => new Delivery.Nothing(why, HttpAnswer.RetryAfter(answer, time)),
        };
    }

    private byte[] Body(ExportLogsServiceRequest asked)
    {
        if (!options.Gzip) return asked.ToByteArray();
        using var body = new MemoryStream();
        using (var compressed = new GZipStream(body, CompressionLevel.Fastest)) asked.WriteTo(compressed);
        return body.ToArray();
    }

    private OtlpAnswer Taken(byte[] said)
    {
        try
        {
            return ExportLogsServiceResponse.Parser.ParseFrom(said);
        }
        catch (InvalidProtocolBufferException)
        {
            // Something between us and a receiver says 200 to everybody.
            return new Delivery.Nothing($"{url.Host} gave an answer that is none: {HttpAnswer.Excerpt(said)}");
        }
    }

    private static string Message(byte[] said)
    {
        try
        {
            if (Google.Rpc.Status.Parser.ParseFrom(said) is { Message.Length: > 0 } status) return status.Message;
        }
        catch (InvalidProtocolBufferException)
        {
            // A proxy's page, say.
        }

        return HttpAnswer.Excerpt(said);
    }
}
