using Google.Protobuf;
using Holdfast.Rpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Holdfast.Rpc.Server;

/// <summary>
/// One call from its headers to its status. The status is written once: by the handler's end, or by the deadline,
/// whichever takes the gate first; after it, writes are refused.
/// </summary>
internal sealed class ServerCall : IDisposable
{
    private readonly MessageReader reader;
    private readonly CancellationTokenSource over;
    private readonly SemaphoreSlim gate = new(1, 1);
    private bool ended;
    private bool canCompress;
    private volatile bool clientWent;

    public ServerCall(HttpContext http, RpcServerOptions options, DateTimeOffset? deadline, CancellationToken draining, CancellationToken patienceOver)
    {
        Http = http;
        Deadline = deadline;
        Draining = draining;
        over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, patienceOver);
        // Taken once: the source may be gone when a late handler asks.
        Cancel = over.Token;
        reader = new MessageReader(http.Request.BodyReader, options.MaxMessageBytes, http.Request.Headers[HeaderNames.Encoding], StatusCode.Unimplemented);
        Context = new ServerCallContext(this, options.Compress);
    }

    public HttpContext Http { get; }

    public ServerCallContext Context { get; }

    public DateTimeOffset? Deadline { get; }

    public CancellationToken Cancel { get; }

    public CancellationToken Draining { get; }

    public bool DeadlinePassed { get; private set; }

    /// <summary>Nobody waits for it any longer: a failure to read or write says nothing but this.</summary>
    public bool IsOver => Cancel.IsCancellationRequested || clientWent;

    public bool WasRequestCompressed => reader.WasCompressed;

    /// <summary>Lifts what Kestrel holds against slow and long bodies: a watched stream is both, and sound.</summary>
    public void AllowLongStreams()
    {
        if (Http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        if (Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
    }

    public async Task<T?> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        if (!cancel.CanBeCanceled) return await TakeAsync(parser, Cancel).ConfigureAwait(false);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, Cancel);
        return await TakeAsync(parser, either.Token).ConfigureAwait(false);
    }

    /// <summary>The one message of a call that has one.</summary>
    /// <exception cref="RpcException">There is none, or another one behind it.</exception>
    public async Task<T> ReadOnlyAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var message = await TakeAsync(parser, Cancel).ConfigureAwait(false)
            ?? throw new RpcException(StatusCode.Unimplemented, "the call came without its message");
        return await TakeAsync(parser, Cancel).ConfigureAwait(false) is null
            ? message
            : throw new RpcException(StatusCode.Unimplemented, "the call has one message, and more came");
    }

    public Task WriteAsync<T>(T message, CancellationToken cancel)
        where T : class, IMessage<T> => WriteAsync(message, flush: true, cancel);

    /// <summary>The last message needs no flush: the status goes out behind it.</summary>
    public Task WriteLastAsync<T>(T message)
        where T : class, IMessage<T> => WriteAsync(message, flush: false, CancellationToken.None);

    public async Task WriteHeadersAsync(Metadata headers)
    {
        await gate.WaitAsync(Cancel).ConfigureAwait(false);
        try
        {
            Cancel.ThrowIfCancellationRequested();
            foreach (var entry in headers) Http.Response.Headers.Append(entry.Name, MetadataText.Format(entry));
            await StartAsync().ConfigureAwait(false);
            await Http.Response.BodyWriter.FlushAsync(Cancel).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Writes the status, unless it was written. The transport sends it when the request's delegate returns.</summary>
    public async Task EndAsync(RpcStatus status, Metadata trailers)
    {
        await gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (!ended) WriteStatus(status, trailers);
            ended = true;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>
    /// Ends the call in the handler's place: cancels it, sends the status, and resets the stream, since the handler may
    /// take long to notice.
    /// </summary>
    public async Task EndByDeadlineAsync(TimeProvider time)
    {
        DeadlinePassed = true;
        await over.CancelAsync().ConfigureAwait(false);
        await gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (ended || Http.RequestAborted.IsCancellationRequested) return;
            WriteStatus(new RpcStatus(StatusCode.DeadlineExceeded, "the deadline passed"), Context.ResponseTrailers);
            ended = true;
            var sent = Http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().CompleteAsync();
            // A reader that does not read must not keep the stream open for ever.
            await Task.WhenAny(sent, Task.Delay(RpcLimits.TrailersAfterDeadline, time)).ConfigureAwait(false);
            Http.Features.Get<IHttpResetFeature>()?.Reset((int)Http2Error.Cancel);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        over.Dispose();
        gate.Dispose();
    }

    private async Task<T?> TakeAsync<T>(MessageParser<T> parser, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        try
        {
            return await reader.ReadAsync(parser, cancel).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The body may know it before the request's token does.
            clientWent = true;
            throw;
        }
    }

    private async Task WriteAsync<T>(T message, bool flush, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        ArgumentNullException.ThrowIfNull(message);
        cancel.ThrowIfCancellationRequested();
        await gate.WaitAsync(Cancel).ConfigureAwait(false);
        try
        {
            Cancel.ThrowIfCancellationRequested();
            if (!Http.Response.HasStarted) await StartAsync().ConfigureAwait(false);
            MessageWriting.Write(Http.Response.BodyWriter, message, canCompress && Context.Compress);
            if (flush) await Http.Response.BodyWriter.FlushAsync(Cancel).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The headers go out with the first message, or as soon as somebody waits for them.</summary>
    private Task StartAsync()
    {
        SayEncodings();
        canCompress = Context.Compress && Http.Request.Headers[HeaderNames.AcceptEncoding].ToString().Split(',', StringSplitOptions.TrimEntries).Contains(Gzip.Name);
        if (canCompress) Http.Response.Headers[HeaderNames.Encoding] = Gzip.Name;
        return Http.Response.StartAsync(Cancel);
    }

    /// <summary>To a client that compresses, which may choose by it next time.</summary>
    private void SayEncodings()
    {
        if (Http.Request.Headers.ContainsKey(HeaderNames.Encoding)) Http.Response.Headers[HeaderNames.AcceptEncoding] = HeaderNames.Encodings;
    }

    private void WriteStatus(RpcStatus status, Metadata trailers)
    {
        // Nothing sent yet: headers and trailers are one block.
        var destination = Http.Response.HasStarted
            ? Http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : Http.Response.Headers;
        destination[HeaderNames.Status] = StatusText.Format(status.Code);
        if (status.Detail.Length > 0) destination[HeaderNames.Message] = PercentText.Encode(status.Detail);
        if (!Http.Response.HasStarted) SayEncodings();
        foreach (var entry in trailers) destination.Append(entry.Name, MetadataText.Format(entry));
    }
}
