using Google.Protobuf;

namespace Holdfast.Rpc.Server;

/// <summary>The client's messages, as the handler reads them.</summary>
internal sealed class ServerStreamReader<T>(ServerCall call, MessageParser<T> parser) : IAsyncStreamReader<T>
    where T : class, IMessage<T>
{
    public T? Current { get; private set; }

    public async Task<bool> MoveNext(CancellationToken cancel)
    {
        Current = await call.ReadAsync(parser, cancel).ConfigureAwait(false);
        return Current is not null;
    }
}

/// <summary>The handler's messages on their way to the client.</summary>
internal sealed class ServerStreamWriter<T>(ServerCall call) : IServerStreamWriter<T>
    where T : class, IMessage<T>
{
    public Task WriteAsync(T message, CancellationToken cancel = default) => call.WriteAsync(message, cancel);
}
