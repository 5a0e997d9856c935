using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.NamedPipes;

namespace Holdfast.Node.Hosting;

/// <summary>The API's socket, on Windows its pipe: for root, the agent's own account, and the members of one group. Beside it is the services' door.</summary>
internal sealed class ApiListener : IDisposable
{
    private readonly string path;
    private readonly Socket? socket;
    private readonly ServicesDoor services;

    private ApiListener(string path, Socket? socket, ServicesDoor services) => (this.path, this.socket, this.services) = (path, socket, services);

    public static Outcome<ApiListener> Open(Home home)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!LocalConnection.Open(home.ApiSocket).TryGet(out var answering)) return With(home, null);
            answering.Dispose();
            return new Problem(ProblemKind.Conflict, "endpoint.taken", $"Another process listens at {home.ApiSocket} already.");
        }

        var group = AccountDirectory.FindGroup(Caller.Group);
        // Only an administrator gives a file to a group of which it is no member.
        if (group is { } known && !Environment.IsPrivilegedProcess && !AccountDirectory.Current().Groups.Contains(known))
            group = null;
        var listening = group is null
            ? LocalEndpoint.Listen(home.ApiSocket, LocalEndpoint.OwnerOnly)
            : LocalEndpoint.Listen(home.ApiSocket, LocalEndpoint.OwnerAndGroup, group);
        return listening.Then(socket => With(home, socket));
    }

    /// <summary>What Kestrel needs to know before it is made.</summary>
    public static void Prepare(IWebHostBuilder web, Home home)
    {
        if (!OperatingSystem.IsWindows()) return;
        var (security, everybody, door) = (LocalPipe.Security(Caller.Group), LocalPipe.SecurityForEverybody(), LocalPipe.NameOf(home.ServicesSocket));
        web.UseNamedPipes(pipes =>
        {
            pipes.CurrentUserOnly = false;
            pipes.PipeSecurity = security;
            pipes.CreateNamedPipeServerStream = pipe => NamedPipeTransportOptions.CreateDefaultNamedPipeServerStream(new()
            {
                NamedPipeEndPoint = pipe.NamedPipeEndPoint,
                PipeOptions = pipe.PipeOptions,
                PipeSecurity = pipe.NamedPipeEndPoint.PipeName == door ? everybody : security,
            });
        });
    }

    /// <param name="refusals">Told who is turned away at the services' door.</param>
    public void ListenOn(KestrelServerOptions kestrel, Refusals refusals)
    {
        if (socket is not null) kestrel.ListenHandle((ulong)socket.Handle, Http2Only);
        else if (OperatingSystem.IsWindows()) kestrel.ListenNamedPipe(LocalPipe.NameOf(path), Http2Only);
        services.ListenOn(kestrel, refusals);
    }

    public void Dispose()
    {
        socket?.Dispose();
        services.Dispose();
    }

    /// <summary>The services' door is opened second: where another agent has the home, it keeps both.</summary>
    private static Outcome<ApiListener> With(Home home, Socket? socket)
    {
        var door = ServicesDoor.Open(home);
        if (door.TryGet(out var services)) return new ApiListener(home.ApiSocket, socket, services);
        socket?.Dispose();
        return Outcome.Failed<ApiListener>(door.Problems);
    }

    private static void Http2Only(ListenOptions listen) => listen.Protocols = HttpProtocols.Http2;
}
