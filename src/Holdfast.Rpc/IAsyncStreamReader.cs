namespace Holdfast.Rpc;

/// <summary>Messages as they come in. One reader at a time.</summary>
public interface IAsyncStreamReader<out T>
    where T : class
{
    /// <summary>The message that the last <see cref="MoveNext"/> found; null before the first and after the last.</summary>
    T? Current { get; }

    /// <summary>Waits for the next message; false when the other side has ended.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    Task<bool> MoveNext(CancellationToken cancel);
}

/// <summary>Lets <c>await foreach</c> read a stream.</summary>
public static class AsyncStreamReading
{
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> reader,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(reader);
        while (await reader.MoveNext(cancel).ConfigureAwait(false)) yield return reader.Current!;
    }
}
