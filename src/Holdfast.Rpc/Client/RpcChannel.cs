using Google.Protobuf;
using Holdfast.Rpc.Client.Retries;
using Holdfast.Rpc.Config;

namespace Holdfast.Rpc.Client;

/// <summary>
/// Connections to one server, opened when the first call needs one. Safe for any number of threads;
/// disposing it cancels the calls under way.
/// </summary>
public sealed class RpcChannel : IDisposable
{
    private readonly ChannelConnections connections;
    private readonly RpcTransport transport;
    private readonly TimeProvider time;
    private readonly int maxMessageBytes;
    private readonly ReadyGate gate;
    private readonly MethodRules? methods;
    private readonly Metadata? headers;
    private readonly RetryRules retries;

    /// <param name="transport">How the server is reached.</param>
    /// <param name="time">What deadlines are counted by.</param>
    /// <param name="maxMessageBytes">Largest message that is taken in.</param>
    public RpcChannel(RpcTransport transport, TimeProvider time, int maxMessageBytes = RpcLimits.MaxMessageBytes)
        : this(transport, time, new RpcChannelOptions { MaxMessageBytes = maxMessageBytes })
    {
    }

    /// <param name="transport">How the server is reached.</param>
    /// <param name="time">What deadlines and waits are counted by.</param>
    /// <exception cref="ServiceConfigException">The service config cannot be used.</exception>
    /// <exception cref="ArgumentException">The pings would be too many.</exception>
    public RpcChannel(RpcTransport transport, TimeProvider time, RpcChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        this.transport = transport;
        this.time = time;
        maxMessageBytes = options.MaxMessageBytes;
        headers = options.Headers;
        gate = new ReadyGate(time, options.Chance);
        methods = options.Config is { } config ? new MethodRules(config) : null;
        retries = new RetryRules(options.Config?.Throttling is { } throttling ? new RetryThrottle(throttling) : null, options.Chance);
        connections = new ChannelConnections(transport, options.Keepalive, gate.Connected);
    }

    /// <summary>How long the server must be silent before it is pinged; longer than it was set where the server found that too often.</summary>
    internal TimeSpan PingInterval => connections.Now.Keepalive.Interval;

    /// <summary>One message there, one back.</summary>
    /// <exception cref="RpcException">The call did not end well.</exception>
    public Task<TResponse> UnaryAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        return Config(method) is { } config ? UnaryAsync(method, request, options, config) : OnceAsync(method, request, options);
    }

    /// <summary>One message there, many back. Failures show when the answer is read.</summary>
    /// <exception cref="RpcException">The message is larger than the service config lets be sent.</exception>
    public ServerStreamingCall<TResponse> ServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        Check(method, MethodKind.ServerStreaming);
        var config = Config(method);
        options = Under(config, options);
        var body = OneMessageContent.Body(request, options.Compress);
        SendLimit.Check(body.WrittenCount, config?.MaxRequestMessageBytes);
        return new(Policy(config, body.WrittenCount) is { } policy
            ? Retried(method, body, options, config, policy)
            : Start(method, new OneMessageContent(body), options, config));
    }

    /// <summary>Many messages there, one back.</summary>
    public ClientStreamingCall<TRequest, TResponse> ClientStreaming<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var (call, content) = Streamed(method, MethodKind.ClientStreaming, options);
        return new(call, content);
    }

    /// <summary>Many messages there and back, each side at its own pace.</summary>
    public DuplexCall<TRequest, TResponse> Duplex<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var (call, content) = Streamed(method, MethodKind.Duplex, options);
        return new(call, content);
    }

    public void Dispose()
    {
        connections.Dispose();
        gate.Close();
    }

    /// <summary>Without a config nothing stands between the caller and the call.</summary>
    private async Task<TResponse> OnceAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        Check(method, MethodKind.Unary);
        using var call = Start(method, new OneMessageContent(OneMessageContent.Body(request, options.Compress)), options, null);
        return await call.ReadOnlyAsync().ConfigureAwait(false);
    }

    private async Task<TResponse> UnaryAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallOptions options, MethodConfig config)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        Check(method, MethodKind.Unary);
        options = Under(config, options);
        var body = OneMessageContent.Body(request, options.Compress);
        SendLimit.Check(body.WrittenCount, config.MaxRequestMessageBytes);
        if (Policy(config, body.WrittenCount) is { } policy)
        {
            using var retried = Retried(method, body, options, config, policy);
            return await retried.ReadOnlyAsync().ConfigureAwait(false);
        }

        using var call = Start(method, new OneMessageContent(body), options, config);
        return await call.ReadOnlyAsync().ConfigureAwait(false);
    }

    private (ClientCall<TResponse> Call, StreamedContent<TRequest> Content) Streamed<TRequest, TResponse>(
        Method<TRequest, TResponse> method, MethodKind kind, CallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        Check(method, kind);
        var config = Config(method);
        options = Under(config, options);
        var content = new StreamedContent<TRequest>(options.Compress, config?.MaxRequestMessageBytes);
        return (Start(method, content, options, config), content);
    }

    private RetriedCall<TResponse> Retried<TRequest, TResponse>(
        Method<TRequest, TResponse> method, System.Buffers.ArrayBufferWriter<byte> body, CallOptions options, MethodConfig? config, RetryPolicy policy)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new((attempt, isFirst) => Start(method, new OneMessageContent(body, isFirst), attempt, config), options, policy, retries, time);

    private ClientCall<TResponse> Start<TRequest, TResponse>(Method<TRequest, TResponse> method, CallContent content, CallOptions options, MethodConfig? config)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(
            connections.Now,
            new Uri(transport.Address, method.Path),
            method.Response,
            content,
            headers is null ? options : options with { Headers = [.. headers, .. options.Headers ?? []] },
            Math.Min(maxMessageBytes, config?.MaxResponseMessageBytes ?? maxMessageBytes),
            time,
            options.WaitForReady == true ? gate : null);

    private MethodConfig? Config<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => methods?.Find(method.Service, method.Path);

    /// <summary>Null: the call is made once. A large message is not kept for another attempt.</summary>
    private static RetryPolicy? Policy(MethodConfig? config, int bytes) => bytes > RpcLimits.MaxRetriedBytes ? null : config?.Retry;

    private static CallOptions Under(MethodConfig? config, CallOptions options) => config is null ? options : options with
    {
        Timeout = config.Timeout is { } most && !(options.Timeout < most) ? most : options.Timeout,
        WaitForReady = options.WaitForReady ?? config.WaitForReady,
    };

    private static void Check<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodKind kind)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (method.Kind != kind) throw new ArgumentException($"{method.Path} is {method.Kind}, not {kind}", nameof(method));
    }
}
