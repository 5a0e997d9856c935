using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Telemetry.Tests.Sinks;

/// <summary>
/// A double of an Elasticsearch, written from its reference ("Bulk API", "create" action; `http.max_content_length`): no real one can be had here. It creates documents by id, answers for each
/// item by itself in the order of the request, and fails as it is told.
/// </summary>
internal sealed class ElasticsearchDouble : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly CancellationTokenSource ending = new();

    public ElasticsearchDouble()
    {
        var port = 0;
        for (var tries = 0; port == 0; tries++)
        {
            var candidate = Random.Shared.Next(20_000, 30_000);
            listener.Prefixes.Clear();
            listener.Prefixes.Add($"http://127.0.0.1:{candidate}/");
            try
            {
                listener.Start();
                port = candidate;
            }
            catch (HttpListenerException) when (tries < 50)
            {
                // Somebody has that port: another one.
            }
        }

        Url = new($"http://127.0.0.1:{port}");
        Task.Run(ServeAsync);
    }

    public Uri Url { get; }

    public Dictionary<string, JsonNode> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>The whole request's status and body, before it is read; null: it is read.</summary>
    public Func<HttpListenerRequest, (int Status, string Body)?> OfRequest { get; set; } = _ => null;

    /// <summary>The status of an item; 0: as the index says.</summary>
    public Func<string, JsonNode, int> OfItem { get; set; } = (_, _) => 0;

    public int LargestRequest { get; set; } = 100 << 20;

    /// <summary>The connection breaks where the answer would come: the documents are there, and nobody is told.</summary>
    public bool BreaksOff { get; set; }

    public List<string> Paths { get; } = [];

    public string? RetryAfter { get; set; }

    public void Dispose()
    {
        ending.Cancel();
        listener.Close();
        ending.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                Answer(context);
            }
            catch (Exception e) when (e is HttpListenerException or IOException or InvalidDataException or ObjectDisposedException or JsonException)
            {
                // Who asked was killed in the middle of it.
                context.Response.Abort();
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        lock (Paths) Paths.Add($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath} {context.Request.Headers["Authorization"]}".TrimEnd());
        var (status, body) = OfRequest(context.Request) ?? Bulk(context.Request);
        if (BreaksOff)
        {
            context.Response.Abort();
            return;
        }

        if (RetryAfter is not null) context.Response.Headers["Retry-After"] = RetryAfter;
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
    }

    private (int Status, string Body) Bulk(HttpListenerRequest request)
    {
        using var read = new MemoryStream();
        using (var from = request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(request.InputStream, CompressionMode.Decompress) : request.InputStream) from.CopyTo(read);
        if (read.Length > LargestRequest) return (413, "");
        var lines = Encoding.UTF8.GetString(read.ToArray()).Split('\n');
        if (lines[^1].Length > 0) return (400, """{"error":{"type":"illegal_argument_exception","reason":"The bulk request must be terminated by a newline [\\n]"},"status":400}""");
        var items = new JsonArray();
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            var (id, document) = ((string)JsonNode.Parse(lines[i])!["create"]!["_id"]!, JsonNode.Parse(lines[i + 1])!);
            var status = OfItem(id, document);
            if (status == 0) status = Documents.TryAdd(id, document) ? 201 : 409;
            var item = new JsonObject { ["status"] = status };
            if (status >= 300) item["error"] = new JsonObject { ["type"] = $"error_{status}", ["reason"] = "as it was told", ["caused_by"] = new JsonObject { ["type"] = "test", ["reason"] = id } };
            items.Add(new JsonObject { ["create"] = item });
        }

        return (200, new JsonObject { ["errors"] = true, ["items"] = items }.ToJsonString(new JsonSerializerOptions()));
    }
}
