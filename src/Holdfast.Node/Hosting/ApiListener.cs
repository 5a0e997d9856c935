using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Platform;

namespace Holdfast.Node.Hosting;

/// <summary>The API's socket: for root, the agent's own account, and the members of one group.</summary>
internal static class ApiListener
{
    public static Outcome<Socket> Open(Home home)
    {
        var group = AccountDirectory.FindGroup(Caller.Group);
        return group is null
            ? LocalEndpoint.Listen(home.ApiSocket, LocalEndpoint.OwnerOnly)
            : LocalEndpoint.Listen(home.ApiSocket, LocalEndpoint.OwnerAndGroup, group);
    }
}
