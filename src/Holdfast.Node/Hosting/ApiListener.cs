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
        // Only an administrator gives a file to a group of which it is no member.
        if (group is { } known && !Environment.IsPrivilegedProcess && !AccountDirectory.Current().Groups.Contains(known))
            group = null;
        return group is null
            ? LocalEndpoint.Listen(home.ApiSocket, LocalEndpoint.OwnerOnly)
            : LocalEndpoint.Listen(home.ApiSocket, LocalEndpoint.OwnerAndGroup, group);
    }
}
