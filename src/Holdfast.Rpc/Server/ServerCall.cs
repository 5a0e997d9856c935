using Google.Protobuf;
using Holdfast.Rpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Holdfast.Rpc.Server;

/// <summary>
/// One call from its headers to its status. The status is written once: by the handler's end, or by whoever ends the call in its place (the deadline, the host),
/// whichever takes the gate first; after it, writes are refused. The object may have another call afterwards
/// (<see cref="MayBeUsedAgain"/>), and what only a few calls need is made when it is asked for.
/// </summary>
#pragma warning disable CA1001 // The gate has nothing to dispose of: nobody asks for its handle.
internal sealed class ServerCall(RpcServerOptions options, OpenStreams streams, CancellationToken draining, CancellationToken patienceOver)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Lock mutex = new();
    private MessageReader? reader;
    private ServerCallContext? context;
    private CancellationTokenSource? over;
    private bool ended;
    private bool left;
    private bool isStream;
    private bool canCompress;
    private volatile bool clientWent;
    private volatile EarlyEnd? early;

    /// <summary>Nobody can have kept it: it is over, and its handler had a context (which forgets it) and no reader or writer.</summary>
    public bool MayBeUsedAgain => left && !isStream;

    public HttpContext Http { get; private set; } = null!;

    public ServerCallContext Context => context!;

    public DateTimeOffset? Deadline { get; private set; }

    public CancellationToken Draining => draining;

    public Metadata? RequestHeaders { get; set; }

    public Metadata? ResponseTrailers { get; set; }

    public bool Compress { get; set; }

    public object? Peer { get; set; }

    public CancellationToken Cancel
    {
        get
        {
            lock (mutex)
            {
                if (left || early is not null) return new CancellationToken(true);
                over ??= CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted, patienceOver);
                return over.Token;
            }
        }
    }

    /// <summary>Nobody waits for it any longer: a failure to read or write says nothing but this.</summary>
    public bool IsOver => clientWent || IsCancelled;

    public bool WasRequestCompressed => reader!.WasCompressed;

    /// <summary>What <see cref="Cancel"/> says, without making it.</summary>
    private bool IsCancelled => left || early is not null || patienceOver.IsCancellationRequested || Http.RequestAborted.IsCancellationRequested;

    public void Begin(HttpContext http, DateTimeOffset? deadline)
    {
        Http = http;
        Deadline = deadline;
        RequestHeaders = null;
        ResponseTrailers = null;
        Peer = null;
        Compress = options.Compress;
        ended = left = isStream = canCompress = clientWent = false;
        early = null;
        var encoding = http.Request.Headers.GrpcEncoding;
        if (reader is null) reader = new MessageReader(http.Request.BodyReader, options.MaxMessageBytes, encoding, StatusCode.Unimplemented);
        else reader.Begin(http.Request.BodyReader, encoding);
        context = new ServerCallContext(this);
    }

    /// <summary>All that was to be done is done.</summary>
    public void Leave()
    {
        context?.EndCall();
        if (isStream) streams.Remove(this);
        lock (mutex)
        {
            left = true;
            over?.Dispose();
            over = null;
        }
    }

    /// <summary>Lifts what Kestrel holds against slow and long bodies: a watched stream is both, and sound.</summary>
    public void BecomeStream()
    {
        isStream = true;
        streams.Add(this);
        if (Http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        if (Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
    }

    public async Task<T?> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        if (!cancel.CanBeCanceled) return await TakeAsync(parser, CancellationToken.None).ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, Cancel);
        return await TakeAsync(parser, either.Token).ConfigureAwait(false);
    }

    /// <summary>The one message of a call that has one.</summary>
    /// <exception cref="RpcException">There is none, or another one behind it.</exception>
    public async ValueTask<T> ReadOnlyAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var message = await TakeAsync(parser).ConfigureAwait(false)
            ?? throw new RpcException(StatusCode.Unimplemented, "the call came without its message");
        return await TakeAsync(parser).ConfigureAwait(false) is null
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
        await EnterAsync().ConfigureAwait(false);
        try
        {
            ThrowIfOver();
            foreach (var entry in headers) Http.Response.Headers.Append(entry.Name, MetadataText.Format(entry));
            await StartAsync().ConfigureAwait(false);
            await Http.Response.BodyWriter.FlushAsync(Cancel).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Writes the status, unless it was written; that of an early end goes before, whoever is first at the gate. The transport sends it when the request's delegate returns.</summary>
    public async Task EndAsync(RpcStatus status, Metadata? trailers)
    {
        await gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (!ended) WriteStatus(early?.Status ?? status, early is { } end ? end.Trailers : trailers);
            ended = true;
        }
        finally
        {
            gate.Release();
        }
    }

    public Task EndByDeadlineAsync(TimeProvider time) => EndEarlyAsync(new RpcStatus(StatusCode.DeadlineExceeded, "the deadline passed"), ResponseTrailers, time);

    /// <summary>
    /// Ends the call in the handler's place: cancels it, sends the status, and resets the stream, since the handler may
    /// take long to notice.
    /// </summary>
    public async Task EndEarlyAsync(RpcStatus status, Metadata? trailers, TimeProvider time)
    {
        CancellationTokenSource? asked;
        lock (mutex)
        {
            early ??= new EarlyEnd(status, trailers);
            asked = over;
        }

        try
        {
            if (asked is not null) await asked.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }

        await gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (ended || Http.RequestAborted.IsCancellationRequested) return;
            WriteStatus(early.Status, early.Trailers);
            ended = true;
            var sent = Http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().CompleteAsync();
            // A reader that does not read must not keep the stream open for ever.
            await Task.WhenAny(sent, Task.Delay(RpcLimits.TrailersAfterDeadline, time)).ConfigureAwait(false);
            // After a whole answer it only says that nothing more is read (RFC 9113, 8.1); clients take any other code for the call's end.
            Http.Features.Get<IHttpResetFeature>()?.Reset((int)(sent.IsCompletedSuccessfully ? Http2Error.NoError : Http2Error.Cancel));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What is there already is taken without making anything that could cancel the waiting.</summary>
    private async ValueTask<T?> TakeAsync<T>(MessageParser<T> parser, CancellationToken cancel = default)
        where T : class, IMessage<T>
    {
        try
        {
            if (!IsCancelled && reader!.TryRead(parser, out var message)) return message;
            return await reader!.ReadAsync(parser, cancel.CanBeCanceled ? cancel : Cancel).ConfigureAwait(false);
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
        await EnterAsync().ConfigureAwait(false);
        try
        {
            ThrowIfOver();
            if (!Http.Response.HasStarted) await StartAsync().ConfigureAwait(false);
            MessageWriting.Write(Http.Response.BodyWriter, message, canCompress && Compress);
            if (flush) await Http.Response.BodyWriter.FlushAsync(Cancel).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private ValueTask EnterAsync() => gate.Wait(0) ? ValueTask.CompletedTask : new ValueTask(gate.WaitAsync(Cancel));

    private void ThrowIfOver()
    {
        if (IsCancelled || ended) throw new OperationCanceledException("The call is over.", Cancel);
    }

    /// <summary>The headers go out with the first message, or as soon as somebody waits for them.</summary>
    private Task StartAsync()
    {
        SayEncodings();
        canCompress = Compress && Http.Request.Headers.GrpcAcceptEncoding.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(Gzip.Name);
        if (canCompress) Http.Response.Headers.GrpcEncoding = Gzip.Name;
        return Http.Response.StartAsync();
    }

    /// <summary>To a client that compresses, which may choose by it next time.</summary>
    private void SayEncodings()
    {
        if (Http.Request.Headers.GrpcEncoding.Count > 0) Http.Response.Headers.GrpcAcceptEncoding = HeaderNames.Encodings;
    }

    private void WriteStatus(RpcStatus status, Metadata? trailers)
    {
        // Nothing sent yet: headers and trailers are one block.
        var destination = Http.Response.HasStarted
            ? Http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : Http.Response.Headers;
        destination.GrpcStatus = StatusText.Format(status.Code);
        if (status.Detail.Length > 0) destination.GrpcMessage = PercentText.Encode(status.Detail);
        if (!Http.Response.HasStarted) SayEncodings();
        if (trailers is null) return;
        foreach (var entry in trailers) destination.Append(entry.Name, MetadataText.Format(entry));
    }

    /// <summary>What the client is told of an end in the handler's place. The first one counts.</summary>
    private sealed record EarlyEnd(RpcStatus Status, Metadata? Trailers);
}
