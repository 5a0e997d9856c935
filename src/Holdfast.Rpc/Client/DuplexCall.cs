using Google.Protobuf;

namespace Holdfast.Rpc.Client;

/// <summary>A call that sends and reads many messages, each side at its own pace. Disposing it before its end cancels it.</summary>
public sealed class DuplexCall<TRequest, TResponse> : IAsyncStreamReader<TResponse>, IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly ClientCall<TResponse> call;
    private readonly StreamedContent<TRequest> content;

    internal DuplexCall(ClientCall<TResponse> call, StreamedContent<TRequest> content)
    {
        this.call = call;
        this.content = content;
    }

    public TResponse? Current { get; private set; }

    public Metadata Trailers => call.Trailers;

    /// <summary>Whether the messages from now on are compressed. At first what <see cref="CallOptions.Compress"/> said; where that said no, it must stay so.</summary>
    public bool Compress
    {
        get => content.Compress;
        set => content.Compress = value;
    }

    /// <summary>Waits for the headers of the answer.</summary>
    public Task<Metadata> HeadersAsync() => call.HeadersAsync();

    /// <summary>Sends one message. One at a time.</summary>
    /// <exception cref="RpcException">The call was cancelled or has failed.</exception>
    public async Task WriteAsync(TRequest message)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            await content.WriteAsync(message, call.Over).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            // Its status is for the reader, which may be at work.
            throw call.ExplainWrite(e);
        }
    }

    /// <summary>No message follows; the reading goes on.</summary>
    public void EndWriting() => content.End();

    public async Task<bool> MoveNext(CancellationToken cancel)
    {
        Current = await call.ReadAsync(cancel).ConfigureAwait(false);
        return Current is not null;
    }

    public void Dispose() => call.Dispose();
}
