using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sinks.Elasticsearch;

/// <summary>
/// Events as documents, created under their own ids: what is sent twice is there once. Each item's answer counts, and not the request's; what the index refuses (400) is refused for good, what
/// it has no room for now (429, 5xx) comes again alone, and what is too large (413) comes in halves.
/// </summary>
public sealed class ElasticsearchSink : ISink
{
    private const int LongestAnswer = 64 << 20;

    private readonly ElasticsearchOptions options;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly MemoryStream body = new();
    private int node;

    /// <param name="options">Where and how.</param>
    /// <param name="transport">With what it believes of TLS; ended with the sink.</param>
    /// <param name="time">For its patience, and dates in answers.</param>
    public ElasticsearchSink(ElasticsearchOptions options, HttpMessageHandler transport, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        http = new(transport) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task<Delivery> DeliverAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(asked);
        var signIn = options.Authorization();
        if (!signIn.TryGet(out var authorization)) return new Delivery.Nothing(signIn.Problems[0].What);
        Compose(batch, asked);
        var url = options.Urls[node % options.Urls.Count];
        using var patience = new CancellationTokenSource(options.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            var delivery = await AskAsync(url, authorization, asked.Count, either.Token);
            // The others may be well where one is not.
            if (delivery is Delivery.Nothing) node++;
            return delivery;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            node++;
            return new Delivery.Nothing(patience.IsCancellationRequested ? $"{url.Host} gave no answer in {options.Patience.TotalSeconds:0} s" : $"{url.Host} did not answer: {HttpAnswer.Innermost(e).Message}");
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        body.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Delivery> AskAsync(Uri url, string authorization, int events, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, $"/{Uri.EscapeDataString(options.Target)}/_bulk?filter_path=errors,items.*.status,items.*.error"))
        {
            Content = new ReadOnlyMemoryContent(body.GetBuffer().AsMemory(0, (int)body.Length)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (options.Gzip) request.Content.Headers.ContentEncoding.Add("gzip");
        if (authorization.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var said = await HttpAnswer.ReadAsync(answer.Content, LongestAnswer, cancel);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => Items(said, events),
            HttpStatusCode.RequestEntityTooLarge => new Delivery.TooMuch("413: the request is larger than it takes"),
            // Something in it is not even read: what, is found by halves.
            HttpStatusCode.BadRequest => new Delivery.TooMuch($"400: {HttpAnswer.Excerpt(said)}"),
            _ => new Delivery.Nothing($"{url.Host} answered {(int)answer.StatusCode}: {HttpAnswer.Excerpt(said)}", HttpAnswer.RetryAfter(answer, time)),
        };
    }

    private static Delivery Items(byte[] said, int events)
    {
        try
        {
            var answers = BulkAnswer.Read(said);
            if (answers.Count != events) return new Delivery.Nothing($"it answered for {answers.Count} of {events} events");
            return answers.All(answer => answer.End == EventEnd.Delivered) ? Delivery.All.Of : new Delivery.Each(answers);
        }
        catch (JsonException e)
        {
            return new Delivery.Nothing($"its answer is none: {e.Message}");
        }
    }

    private void Compose(EventBatch batch, IReadOnlyList<int> asked)
    {
        body.SetLength(0);
        if (!options.Gzip)
        {
            Write(body, batch, asked);
            return;
        }

        using var compressed = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);
        Write(compressed, batch, asked);
    }

    private static void Write(Stream to, EventBatch batch, IReadOnlyList<int> asked)
    {
        foreach (var index in asked)
        {
            // Names of nodes and instances hold nothing that JSON would escape.
            to.Write(Encoding.UTF8.GetBytes($"{{\"create\":{{\"_id\":\"{batch.Id(index)}\"}}}}\n"));
            var at = batch.Events[index];
            to.Write(batch.Lines.Span.Slice(at.Start, at.Length));
        }
    }
}
