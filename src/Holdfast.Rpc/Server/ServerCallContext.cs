using System.IO.Pipes;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Rpc.Wire;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Rpc.Server;

/// <summary>What a handler knows of the call it answers, until the call is over: after that there is only <see cref="Cancel"/>, which is cancelled then.</summary>
public sealed class ServerCallContext
{
    /// <summary>Null when it is over: by then the objects of the call may be those of another.</summary>
    private ServerCall? callUnderWay;

    internal ServerCallContext(ServerCall call) => callUnderWay = call;

    private ServerCall Call => callUnderWay ?? throw new ObjectDisposedException(nameof(ServerCallContext), "The call is over.");

    public HttpContext HttpContext => Call.Http;

    /// <summary><c>/package.Service/Method</c></summary>
    public string Method => Call.Http.Request.Path.Value ?? "";

    /// <summary>
    /// Cancelled when the client goes, the deadline passes, or the server's patience in stopping ends.
    /// A handler that ends by this token's exception ends the call properly.
    /// </summary>
    public CancellationToken Cancel => callUnderWay?.Cancel ?? new CancellationToken(true);

    /// <summary>Cancelled when the server begins to stop: an endless stream ends here by itself.</summary>
    public CancellationToken Draining => Call.Draining;

    /// <summary>When the client stops waiting; null: never.</summary>
    public DateTimeOffset? Deadline => Call.Deadline;

    /// <summary>What the client sent beside the messages.</summary>
    public Metadata RequestHeaders => Call.RequestHeaders ??= ReadHeaders();

    /// <summary>What is to go with the status when the call ends.</summary>
    public Metadata ResponseTrailers => Call.ResponseTrailers ??= [];

    /// <summary>
    /// Whether the messages from now on are compressed, if the client takes that. At first what <see cref="RpcServerOptions.Compress"/> says; it must be set
    /// before the first message or headers where any message is to be compressed.
    /// </summary>
    public bool Compress
    {
        get => Call.Compress;
        set => Call.Compress = value;
    }

    /// <summary>Whether the message that was read last came compressed.</summary>
    public bool WasRequestCompressed => Call.WasRequestCompressed;

    /// <summary>Who is at the other end, as the host found out (<see cref="RpcServerOptions.BeforeCall"/>); null: nobody asked.</summary>
    public object? Peer
    {
        get => Call.Peer;
        set => Call.Peer = value;
    }

    /// <summary>The connection's socket, to ask the kernel who holds its other end; null where there is none.</summary>
    public Socket? Socket => Call.Http.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <summary>The same for a connection that is a named pipe of Windows; null where it is none.</summary>
    public NamedPipeServerStream? Pipe => Call.Http.Features.Get<IConnectionNamedPipeFeature>()?.NamedPipe;

    /// <summary>What the client showed in mutual TLS, checked; null where the connection is another.</summary>
    public X509Certificate2? ClientCertificate => Call.Http.Connection.ClientCertificate;

    /// <summary>Sends headers ahead of the first message. At most once, before any message.</summary>
    public Task WriteResponseHeadersAsync(Metadata headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return Call.WriteHeadersAsync(headers);
    }

    internal void EndCall() => callUnderWay = null;

    private Metadata ReadHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in Call.Http.Request.Headers)
        {
            foreach (var value in values) MetadataText.Add(metadata, name, value);
        }

        return metadata;
    }
}
