using Google.Protobuf;

namespace Holdfast.Rpc.Server;

/// <summary>The methods of a server by path; for each, how one call of its kind goes.</summary>
public sealed class MethodTable
{
    private readonly Dictionary<string, Func<ServerCall, Task>> byPath = new(StringComparer.Ordinal);

    internal MethodTable()
    {
    }

    internal IReadOnlyCollection<string> Paths => byPath.Keys;

    internal Func<ServerCall, Task>? Find(string path) => byPath.GetValueOrDefault(path);

    public void Unary<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(method, MethodKind.Unary, async call =>
        {
            var request = await call.ReadOnlyAsync(method.Request).ConfigureAwait(false);
            var response = await handler(request, call.Context).ConfigureAwait(false);
            await call.WriteLastAsync(response).ConfigureAwait(false);
        });

    public void ClientStreaming<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(method, MethodKind.ClientStreaming, async call =>
        {
            call.BecomeStream();
            var response = await handler(new ServerStreamReader<TRequest>(call, method.Request), call.Context).ConfigureAwait(false);
            await call.WriteLastAsync(response).ConfigureAwait(false);
        });

    public void ServerStreaming<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(method, MethodKind.ServerStreaming, async call =>
        {
            call.BecomeStream();
            var request = await call.ReadOnlyAsync(method.Request).ConfigureAwait(false);
            await handler(request, new ServerStreamWriter<TResponse>(call), call.Context).ConfigureAwait(false);
        });

    public void Duplex<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(method, MethodKind.Duplex, async call =>
        {
            call.BecomeStream();
            await handler(new ServerStreamReader<TRequest>(call, method.Request), new ServerStreamWriter<TResponse>(call), call.Context)
                .ConfigureAwait(false);
        });

    private void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodKind kind, Func<ServerCall, Task> run)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (method.Kind != kind) throw new ArgumentException($"{method.Path} is {method.Kind}, not {kind}", nameof(method));
        byPath.Add(method.Path, run);
    }
}
