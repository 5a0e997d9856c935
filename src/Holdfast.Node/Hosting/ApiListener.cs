using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Platform;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Holdfast.Node.Hosting;

/// <summary>The API's socket, on Windows its pipe: for root, the agent's own account, and the members of one group.</summary>
internal sealed class ApiListener : IDisposable
{
    private readonly string path;
    private readonly Socket? socket;

    private ApiListener(string path, Socket? socket) => (this.path, this.socket) = (path, socket);

    public static Outcome<ApiListener> Open(Home home)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!LocalConnection.Open(home.ApiSocket).TryGet(out var answering)) return new ApiListener(home.ApiSocket, null);
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
        return listening.Then(socket => Outcome.Of(new ApiListener(home.ApiSocket, socket)));
    }

    /// <summary>What Kestrel needs to know before it is made.</summary>
    public static void Prepare(IWebHostBuilder web)
    {
        if (!OperatingSystem.IsWindows()) return;
        var security = LocalPipe.Security(Caller.Group);
        web.UseNamedPipes(pipes =>
        {
            pipes.CurrentUserOnly = false;
            pipes.PipeSecurity = security;
        });
    }

    public void ListenOn(KestrelServerOptions kestrel)
    {
        if (socket is not null) kestrel.ListenHandle((ulong)socket.Handle, Http2Only);
        else if (OperatingSystem.IsWindows()) kestrel.ListenNamedPipe(LocalPipe.NameOf(path), Http2Only);
    }

    public void Dispose() => socket?.Dispose();

    private static void Http2Only(ListenOptions listen) => listen.Protocols = HttpProtocols.Http2;
}
