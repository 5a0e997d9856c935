using Microsoft.AspNetCore.Builder;

namespace Holdfast.Rpc.Server;

/// <summary>For a Kestrel application that serves other things beside gRPC.</summary>
public static class RpcMiddleware
{
    /// <summary>Calls go to <paramref name="server"/>, everything else to what follows.</summary>
    public static IApplicationBuilder UseRpc(this IApplicationBuilder app, RpcServer server)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(server);
        return app.Use((http, next) => server.IsMine(http) ? server.HandleAsync(http) : next(http));
    }
}
