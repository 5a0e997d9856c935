using System.Net;
using System.Net.Sockets;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Launching;

/// <summary>Says who has a port before a service fails on it with words of its own.</summary>
internal static class PortCheck
{
    /// <summary>A sentence for the first port that is taken; null: all are free.</summary>
    public static string? FirstTaken(IReadOnlyDictionary<string, int> ports)
    {
        foreach (var port in ports.Values)
        {
            if (IsTaken(port)) return InWords(port);
        }

        return null;
    }

    public static string InWords(int port) =>
        PortOwner.Find(port) is { } owner ? $"port {port} is taken by {owner}" : $"port {port} is taken by a process that this account may not see";

    // Binding is three calls; the table of all sockets, which names the owner, is read only when that fails.
    private static bool IsTaken(int port)
    {
        try
        {
            using var socket = Socket.OSSupportsIPv6
                ? new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true }
                : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.AddressAlreadyInUse && PortOwner.IsTaken(port);
        }
    }
}
