using Google.Protobuf;

namespace Holdfast.Rpc.Client;

/// <summary>A call that sends many messages and reads one answer. Disposing it before its end cancels it.</summary>
public sealed class ClientStreamingCall<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly ClientCall<TResponse> call;
    private readonly StreamedContent<TRequest> content;

    internal ClientStreamingCall(ClientCall<TResponse> call, StreamedContent<TRequest> content)
    {
        this.call = call;
        this.content = content;
    }

    public Metadata Trailers => call.Trailers;

    /// <summary>Whether the messages from now on are compressed. At first what <see cref="CallOptions.Compress"/> said; where that said no, it must stay so.</summary>
    public bool Compress
    {
        get => content.Compress;
        set => content.Compress = value;
    }

    /// <summary>Sends one message. One at a time.</summary>
    /// <exception cref="RpcException">The call is over; its status says why.</exception>
    public async Task WriteAsync(TRequest message)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            await content.WriteAsync(message, call.Over).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            throw await call.ExplainWriteAsync(e).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the sending and waits for the answer.</summary>
    /// <exception cref="RpcException">The call did not end well.</exception>
    public Task<TResponse> CompleteAsync()
    {
        content.End();
        return call.ReadOnlyAsync();
    }

    public void Dispose() => call.Dispose();
}
