using System.IO.Pipes;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Rpc.Wire;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Rpc.Server;

/// <summary>What a handler knows of the call it answers.</summary>
public sealed class ServerCallContext
{
    private readonly ServerCall call;
    private Metadata? requestHeaders;

    internal ServerCallContext(ServerCall call, bool compress)
    {
        this.call = call;
        Compress = compress;
    }

    public HttpContext HttpContext => call.Http;

    /// <summary><c>/package.Service/Method</c></summary>
    public string Method => call.Http.Request.Path.Value ?? "";

    /// <summary>
    /// Cancelled when the client goes, the deadline passes, or the server's patience in stopping ends.
    /// A handler that ends by this token's exception ends the call properly.
    /// </summary>
    public CancellationToken Cancel => call.Cancel;

    /// <summary>Cancelled when the server begins to stop: an endless stream ends here by itself.</summary>
    public CancellationToken Draining => call.Draining;

    /// <summary>When the client stops waiting; null: never.</summary>
    public DateTimeOffset? Deadline => call.Deadline;

    /// <summary>What the client sent beside the messages.</summary>
    public Metadata RequestHeaders => requestHeaders ??= ReadHeaders();

    /// <summary>What is to go with the status when the call ends.</summary>
    public Metadata ResponseTrailers { get; } = [];

    /// <summary>
    /// Whether the messages from now on are compressed, if the client takes that. At first what <see cref="RpcServerOptions.Compress"/> says; it must be set
    /// before the first message or headers where any message is to be compressed.
    /// </summary>
    public bool Compress { get; set; }

    /// <summary>Whether the message that was read last came compressed.</summary>
    public bool WasRequestCompressed => call.WasRequestCompressed;

    /// <summary>Who is at the other end, as the host found out (<see cref="RpcServerOptions.BeforeCall"/>); null: nobody asked.</summary>
    public object? Peer { get; set; }

    /// <summary>The connection's socket, to ask the kernel who holds its other end; null where there is none.</summary>
    public Socket? Socket => call.Http.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <summary>The same for a connection that is a named pipe of Windows; null where it is none.</summary>
    public NamedPipeServerStream? Pipe => call.Http.Features.Get<IConnectionNamedPipeFeature>()?.NamedPipe;

    /// <summary>What the client showed in mutual TLS, checked; null where the connection is another.</summary>
    public X509Certificate2? ClientCertificate => call.Http.Connection.ClientCertificate;

    /// <summary>Sends headers ahead of the first message. At most once, before any message.</summary>
    public Task WriteResponseHeadersAsync(Metadata headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return call.WriteHeadersAsync(headers);
    }

    private Metadata ReadHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in call.Http.Request.Headers)
        {
            foreach (var value in values) MetadataText.Add(metadata, name, value);
        }

        return metadata;
    }
}
