using System.Net;
using System.Net.Sockets;

namespace Holdfast.Platform.Tests.Ports;

public sealed class PortTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Who_listens_on_a_port_is_named(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        try
        {
            listener.Start();
        }
        catch (SocketException) when (address == "::1")
        {
            return; // A host without IPv6.
        }

        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.True(PortOwner.IsTaken(port));
        var owner = PortOwner.Find(port)!;
        Assert.Equal(Environment.ProcessId, owner.Pid);
        Assert.Equal($"{ProcessFacts.Read(Environment.ProcessId)!.Name} (PID {Environment.ProcessId})", owner.ToString());
        listener.Stop();
        Assert.False(PortOwner.IsTaken(port));
        Assert.Null(PortOwner.Find(port));
    }

    [Fact]
    public void Free_ports_are_different_free_and_not_promised()
    {
        var first = FreePorts.Take(20);
        Assert.Equal(20, first.Distinct().Count());
        var second = FreePorts.Take(20, first.ToHashSet());
        Assert.Empty(first.Intersect(second));
        using var listener = new TcpListener(IPAddress.Loopback, second[0]);
        listener.Start();
    }
}
