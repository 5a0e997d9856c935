using Google.Protobuf;

namespace Holdfast.Rpc;

/// <summary>The four kinds of calls.</summary>
public enum MethodKind
{
    Unary,
    ClientStreaming,
    ServerStreaming,
    Duplex,
}

/// <summary>A method as both sides know it: its name, its kind, and how its messages are read.</summary>
public sealed class Method<TRequest, TResponse>(
    MethodKind kind,
    string service,
    string name,
    MessageParser<TRequest> request,
    MessageParser<TResponse> response)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    public MethodKind Kind { get; } = kind;

    /// <summary>With its package: <c>holdfast.v1.Services</c>.</summary>
    public string Service { get; } = service;

    public string Name { get; } = name;

    /// <summary>The path of the wire: <c>/holdfast.v1.Services/Deploy</c>; case counts.</summary>
    public string Path { get; } = $"/{service}/{name}";

    public MessageParser<TRequest> Request { get; } = request;

    public MessageParser<TResponse> Response { get; } = response;
}
