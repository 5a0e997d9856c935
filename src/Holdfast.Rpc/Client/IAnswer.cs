using Google.Protobuf;

namespace Holdfast.Rpc.Client;

/// <summary>A call whose answer is read: one attempt, or as many as its policy allows.</summary>
internal interface IAnswer<TResponse> : IDisposable
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>What came with the status; empty before it.</summary>
    Metadata Trailers { get; }

    /// <summary>Waits for the headers of the answer.</summary>
    Task<Metadata> HeadersAsync();

    /// <summary>The next message; null when the call ended with <see cref="StatusCode.Ok"/>.</summary>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    Task<TResponse?> ReadAsync(CancellationToken cancel);
}
