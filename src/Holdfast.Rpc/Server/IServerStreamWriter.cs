namespace Holdfast.Rpc.Server;

/// <summary>Where a handler writes the messages of a stream. One write at a time.</summary>
public interface IServerStreamWriter<in T>
{
    /// <summary>Returns when the message was handed to the transport, which may mean: when the reader has caught up.</summary>
    /// <exception cref="OperationCanceledException">The call is over: cancelled, or past its deadline.</exception>
    Task WriteAsync(T message, CancellationToken cancel = default);
}
