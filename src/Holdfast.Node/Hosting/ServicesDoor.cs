using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Holdfast.Node.Hosting;

/// <summary>
/// The door that services come to, a socket beside the API's, on Windows a pipe: their accounts are no members of the operators' group, so everybody of this machine reaches it, and who it is
/// is found out when the connection is made. Nothing but <c>holdfast.v1.Records</c> is answered here.
/// </summary>
internal sealed class ServicesDoor : IDisposable
{
    private readonly string path;
    private readonly Socket? socket;
    private readonly ConnectionCount connections = new();

    private ServicesDoor(string path, Socket? socket) => (this.path, this.socket) = (path, socket);

    public static Outcome<ServicesDoor> Open(Home home) => OperatingSystem.IsWindows()
        ? new ServicesDoor(home.ServicesSocket, null)
        : LocalEndpoint.Listen(home.ServicesSocket, LocalEndpoint.Everybody).Then(socket => Outcome.Of(new ServicesDoor(home.ServicesSocket, socket)));

    /// <param name="refusals">Told of who holds too many connections.</param>
    public void ListenOn(KestrelServerOptions kestrel, Refusals refusals)
    {
        if (socket is not null) kestrel.ListenHandle((ulong)socket.Handle, Configure);
        else if (OperatingSystem.IsWindows()) kestrel.ListenNamedPipe(LocalPipe.NameOf(path), Configure);

        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => ServeAsync(connection, next, refusals));
        }
    }

    public void Dispose() => socket?.Dispose();

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next, Refusals refusals)
    {
        using var from = ServiceConnection.Of(connection.Features);
        if (!connections.TryEnter(from.Account))
        {
            refusals.Note(from.Account, from.Actor, RecordProblems.Attempt, RecordProblems.Target, [RecordProblems.TooManyConnections(from.Account)]);
            connection.Abort();
            return;
        }

        try
        {
            connection.Features.Set(from);
            await next(connection);
        }
        finally
        {
            connections.Leave(from.Account);
        }
    }
}
