using Google.Protobuf;

namespace Holdfast.Rpc.Client;

/// <summary>
/// Connections to one server, opened when the first call needs one. Safe for any number of threads;
/// disposing it cancels the calls under way.
/// </summary>
public sealed class RpcChannel : IDisposable
{
    private readonly HttpMessageInvoker http;
    private readonly RpcTransport transport;
    private readonly TimeProvider time;
    private readonly int maxMessageBytes;

    /// <param name="transport">How the server is reached.</param>
    /// <param name="time">What deadlines are counted by.</param>
    /// <param name="maxMessageBytes">Largest message that is taken in.</param>
    public RpcChannel(RpcTransport transport, TimeProvider time, int maxMessageBytes = RpcLimits.MaxMessageBytes)
    {
        ArgumentNullException.ThrowIfNull(transport);
        this.transport = transport;
        this.time = time;
        this.maxMessageBytes = maxMessageBytes;
        http = new HttpMessageInvoker(NewHandler(transport), disposeHandler: true);
    }

    /// <summary>One message there, one back.</summary>
    /// <exception cref="RpcException">The call did not end well.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var call = Start(method, MethodKind.Unary, new OneMessageContent<TRequest>(request, options.Compress), options);
        return await call.ReadOnlyAsync().ConfigureAwait(false);
    }

    /// <summary>One message there, many back. Failures show when the answer is read.</summary>
    public ServerStreamingCall<TResponse> ServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var call = Start(method, MethodKind.ServerStreaming, new OneMessageContent<TRequest>(request, options.Compress), options);
        return new ServerStreamingCall<TResponse>(call);
    }

    /// <summary>Many messages there, one back.</summary>
    public ClientStreamingCall<TRequest, TResponse> ClientStreaming<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var content = new StreamedContent<TRequest>(options.Compress);
        return new ClientStreamingCall<TRequest, TResponse>(Start(method, MethodKind.ClientStreaming, content, options), content);
    }

    /// <summary>Many messages there and back, each side at its own pace.</summary>
    public DuplexCall<TRequest, TResponse> Duplex<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var content = new StreamedContent<TRequest>(options.Compress);
        return new DuplexCall<TRequest, TResponse>(Start(method, MethodKind.Duplex, content, options), content);
    }

    public void Dispose() => http.Dispose();

    private ClientCall<TResponse> Start<TRequest, TResponse>(
        Method<TRequest, TResponse> method, MethodKind kind, HttpContent content, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (method.Kind != kind) throw new ArgumentException($"{method.Path} is {method.Kind}, not {kind}", nameof(method));
        return new ClientCall<TResponse>(http, new Uri(transport.Address, method.Path), method.Response, content, options, maxMessageBytes, time);
    }

    private static SocketsHttpHandler NewHandler(RpcTransport transport)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            // Tracing headers are not part of this layer; without a propagator the handler chain is one link shorter.
            ActivityHeadersPropagator = null,
        };
        if (!transport.IsLocal)
        {
            // A peer that vanished is noticed while calls wait for it, and only then.
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        }

        transport.Configure(handler);
        return handler;
    }
}
