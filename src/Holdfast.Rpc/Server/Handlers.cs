namespace Holdfast.Rpc.Server;

/// <summary>One message in, one out.</summary>
public delegate Task<TResponse> UnaryHandler<TRequest, TResponse>(TRequest request, ServerCallContext context);

/// <summary>Many messages in, one out.</summary>
public delegate Task<TResponse> ClientStreamingHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requests, ServerCallContext context)
    where TRequest : class;

/// <summary>One message in, many out.</summary>
public delegate Task ServerStreamingHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context);

/// <summary>Many messages in and out, each side at its own pace.</summary>
public delegate Task DuplexHandler<TRequest, TResponse>(
    IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context)
    where TRequest : class;
