using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;
using Holdfast.Rpc.Client.Retries;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>One call as the client sees it: the request goes out at once, the answer is read message by message, the status ends it.</summary>
internal sealed class ClientCall<TResponse> : IAnswer<TResponse>
    where TResponse : class, IMessage<TResponse>
{
    private readonly ChannelHttp http;
    private readonly MessageParser<TResponse> parser;
    private readonly int maxMessageBytes;
    private readonly CallEnd end;
    private readonly CallContent content;
    private readonly Task<HttpResponseMessage> sent;
    private HttpResponseMessage? response;
    private MessageReader? reader;
    private bool finished;

    /// <param name="gate">Where the call waits for a server that cannot be reached; null: it fails at once.</param>
    public ClientCall(
        ChannelHttp http,
        Uri address,
        MessageParser<TResponse> parser,
        CallContent content,
        CallOptions options,
        int maxMessageBytes,
        TimeProvider time,
        ReadyGate? gate)
    {
        this.http = http;
        this.parser = parser;
        this.maxMessageBytes = maxMessageBytes;
        this.content = content;
        end = new CallEnd(options, time);
        sent = gate is null ? SendAsync(Request(address, content, options)) : SendWhenReadyAsync(gate, address, options, time);
    }

    /// <summary>Ends with the call, whatever ended it.</summary>
    public CancellationToken Over => end.Token;

    /// <summary>What came with the status; empty before it.</summary>
    public Metadata Trailers { get; private set; } = [];

    /// <summary>Waits for the headers of the answer.</summary>
    public async Task<Metadata> HeadersAsync()
    {
        var answer = await AnswerAsync().ConfigureAwait(false);
        return HeadersOf(answer);
    }

    /// <summary>The next message; null when the call ended with <see cref="StatusCode.Ok"/>.</summary>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public async Task<TResponse?> ReadAsync(CancellationToken cancel)
    {
        if (finished) return null;
        using var stop = cancel.Register(end.CancelByUser);
        var answer = await AnswerAsync().ConfigureAwait(false);
        // Trailers-only: the headers are the end.
        if (StatusIn(HeadersOf(answer), answer.Headers) is { } early) return Finish(early);
        try
        {
            reader ??= await NewReaderAsync(answer).ConfigureAwait(false);
            var message = await reader.ReadAsync(parser, end.Token).ConfigureAwait(false);
            if (message is not null) return message;
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Explain(e);
        }

        var trailers = new Metadata();
        foreach (var (name, values) in answer.TrailingHeaders) AddTo(trailers, name, values);
        return Finish(StatusIn(trailers, answer.TrailingHeaders) ?? (new RpcStatus(StatusCode.Unknown, "the answer ended without a status"), trailers));
    }

    /// <summary>The one message of a call that has one.</summary>
    public async Task<TResponse> ReadOnlyAsync()
    {
        var message = await ReadAsync(CancellationToken.None).ConfigureAwait(false)
            ?? throw new RpcException(StatusCode.Unimplemented, "the call ended well, but without its answer");
        return await ReadAsync(CancellationToken.None).ConfigureAwait(false) is null
            ? message
            : throw new RpcException(StatusCode.Unimplemented, "the call has one answer, and more came");
    }

    /// <summary>Waits until the answer has begun: then the call cannot be made again. The failure, if there was one before that.</summary>
    public async Task<RpcException?> FailureBeforeAnswerAsync()
    {
        try
        {
            var answer = await AnswerAsync().ConfigureAwait(false);
            if (StatusIn(HeadersOf(answer), answer.Headers) is { } early) Finish(early);
            return null;
        }
        catch (RpcException failure)
        {
            return failure;
        }
    }

    /// <summary>What a failed write means by itself.</summary>
    public RpcException ExplainWrite(Exception e) => Explain(e);

    /// <summary>What a failed write means: the call's own status, where the server has already said it.</summary>
    public async Task<RpcException> ExplainWriteAsync(Exception e)
    {
        try
        {
            while (await ReadAsync(CancellationToken.None).ConfigureAwait(false) is not null)
            {
                // Only the status matters now.
            }

            return new RpcException(new RpcStatus(StatusCode.Cancelled, "the server had ended the call before this message"), inner: e);
        }
        catch (RpcException status)
        {
            return status;
        }
    }

    /// <summary>Ends the call if it runs: the server sees it cancelled.</summary>
    public void Dispose()
    {
        if (!finished) end.CancelByUser();
        response?.Dispose();
        content.Dispose();
        sent.DisposeWhenDone();
        end.Dispose();
    }

    private static HttpRequestMessage Request(Uri address, CallContent content, CallOptions options)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        if (options.Timeout is { } timeout) request.Headers.TryAddWithoutValidation(HeaderNames.Timeout, TimeoutText.Format(timeout));
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("user-agent", "grpc-dotnet-holdfast/1.0");
        request.Headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, HeaderNames.Encodings);
        if (options.Compress) request.Headers.TryAddWithoutValidation(HeaderNames.Encoding, Gzip.Name);
        if (options.Headers is { } headers)
        {
            foreach (var entry in headers) request.Headers.TryAddWithoutValidation(entry.Name, MetadataText.Format(entry));
        }

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            return await http.SendAsync(request, end.Token).ConfigureAwait(false);
        }
        catch
        {
            // A writer may be waiting for a stream that will never open.
            content.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendWhenReadyAsync(ReadyGate gate, Uri address, CallOptions options, TimeProvider time)
    {
        var began = time.GetTimestamp();
        try
        {
            // The server is told what is left of the time when it hears of the call.
            return await gate.SendAsync(
                http,
                () => Request(address, content, options with { Timeout = options.Timeout - time.GetElapsedTime(began) }),
                content,
                end.Token).ConfigureAwait(false);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync()
    {
        if (response is not null) return response;
        HttpResponseMessage answer;
        try
        {
            answer = await sent.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Explain(e);
        }

        response = answer;
        ResponseCheck.Check(answer);
        return answer;
    }

    private async Task<MessageReader> NewReaderAsync(HttpResponseMessage answer)
    {
        var stream = await answer.Content.ReadAsStreamAsync(end.Token).ConfigureAwait(false);
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(useZeroByteReads: true));
        return new MessageReader(pipe, maxMessageBytes, ResponseCheck.Single(answer.Headers, HeaderNames.Encoding), StatusCode.Internal);
    }

    private RpcException Explain(Exception e)
    {
        if (ConnectionFailure.IsTooManyPings(e)) http.PingLess();
        return end.Explain(e);
    }

    private TResponse? Finish((RpcStatus Status, Metadata Trailers) result)
    {
        finished = true;
        Trailers = result.Trailers;
        var status = end.Judge(result.Status);
        return status.Code == StatusCode.Ok ? null : throw new RpcException(status, result.Trailers) { IsServersWord = ReferenceEquals(status, result.Status) };
    }

    private static (RpcStatus Status, Metadata Trailers)? StatusIn(Metadata metadata, System.Net.Http.Headers.HttpHeaders headers) =>
        ResponseCheck.Single(headers, HeaderNames.Status) is { } status
            ? (StatusText.Parse(status, ResponseCheck.Single(headers, HeaderNames.Message)), metadata)
            : null;

    private static Metadata HeadersOf(HttpResponseMessage answer)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in answer.Headers) AddTo(metadata, name, values);
        return metadata;
    }

    private static void AddTo(Metadata metadata, string name, IEnumerable<string> values)
    {
        foreach (var value in values) MetadataText.Add(metadata, name, value);
    }
}
