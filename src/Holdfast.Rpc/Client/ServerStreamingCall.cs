using Google.Protobuf;

namespace Holdfast.Rpc.Client;

/// <summary>A call that sends one message and reads many. Disposing it before its end cancels it.</summary>
public sealed class ServerStreamingCall<TResponse> : IAsyncStreamReader<TResponse>, IDisposable
    where TResponse : class, IMessage<TResponse>
{
    private readonly IAnswer<TResponse> call;

    internal ServerStreamingCall(IAnswer<TResponse> call) => this.call = call;

    public TResponse? Current { get; private set; }

    /// <summary>What came with the status; empty before it.</summary>
    public Metadata Trailers => call.Trailers;

    /// <summary>Waits for the headers of the answer.</summary>
    public Task<Metadata> HeadersAsync() => call.HeadersAsync();

    public async Task<bool> MoveNext(CancellationToken cancel)
    {
        Current = await call.ReadAsync(cancel).ConfigureAwait(false);
        return Current is not null;
    }

    public void Dispose() => call.Dispose();
}
