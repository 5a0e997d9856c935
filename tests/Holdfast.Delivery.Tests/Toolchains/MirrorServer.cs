using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Holdfast.Delivery.Tests.Toolchains;

/// <summary>A web server on loopback that gives a list for <c>?mode=json</c> and files with ranges, and fails as it is told.</summary>
internal sealed class MirrorServer : IDisposable
{
    private readonly HttpListener listener = new();

    public MirrorServer(params MadeArchive[] archives)
    {
        for (var tries = 0; ; tries++)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            listener.Prefixes.Clear();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                Url = $"http://127.0.0.1:{port}/dl";
                break;
            }
            catch (HttpListenerException) when (tries < 50)
            {
                // Somebody has that port: another one.
            }
        }

        List = MadeArchive.List(archives);
        foreach (var archive in archives) Files[archive.FileName] = archive.Bytes;
        _ = Task.Run(ServeAsync);
    }

    public string Url { get; } = "";

    public byte[] List { get; set; }

    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The connection breaks behind so many bytes of the next file; null: it holds.</summary>
    public int? CutAfter { get; set; }

    public bool KnowsRanges { get; set; } = true;

    /// <summary>The first byte of each file that was asked for.</summary>
    public ConcurrentQueue<long> Begins { get; } = new();

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Answer(context);
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var name = context.Request.Url!.Segments[^1];
        if (context.Request.QueryString["mode"] == "json") Give(context.Response, List);
        else if (Files.TryGetValue(name, out var bytes)) GiveFile(context, bytes);
        else Refuse(context.Response, 404);
    }

    private void GiveFile(HttpListenerContext context, byte[] bytes)
    {
        var range = KnowsRanges ? context.Request.Headers["Range"] : null;
        var from = range is null ? 0 : int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        Begins.Enqueue(from);
        if (from >= bytes.Length)
        {
            Refuse(context.Response, 416);
            return;
        }

        if (range is not null)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers["Content-Range"] = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }

        if (CutAfter is not { } cut)
        {
            Give(context.Response, bytes[from..]);
            return;
        }

        CutAfter = null;
        context.Response.ContentLength64 = bytes.Length - from;
        context.Response.OutputStream.Write(bytes, from, cut);
        context.Response.OutputStream.Flush();
        context.Response.Abort();
    }

    private static void Give(HttpListenerResponse response, byte[] bytes)
    {
        response.ContentLength64 = bytes.Length;
        response.Close(bytes, willBlock: true);
    }

    private static void Refuse(HttpListenerResponse response, int status)
    {
        response.StatusCode = status;
        response.Close();
    }
}
