using System.Net;
using System.Net.Sockets;

namespace Holdfast.Platform;

/// <summary>Ports for services that do not care which.</summary>
public static class FreePorts
{
    /// <summary>
    /// Different TCP ports that nobody listens on at this moment, on any address. Nothing holds them: whoever binds first has them.
    /// </summary>
    /// <param name="avoid">Ports that are promised to somebody who is not listening yet.</param>
    public static IReadOnlyList<int> Take(int count, IReadOnlySet<int>? avoid = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var taken = new List<int>(count);
        // All are held until the last is found, or the kernel would give the same one twice.
        var held = new List<Socket>();
        try
        {
            while (taken.Count < count)
            {
                // Bound to both families at once where there are two, so that it is free on each.
                var six = Socket.OSSupportsIPv6;
                var socket = six ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket);
                socket.Bind(new IPEndPoint(six ? IPAddress.IPv6Any : IPAddress.Any, 0));
                var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
                if (avoid?.Contains(port) != true)
                    taken.Add(port);
            }
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }

        return taken;
    }
}
