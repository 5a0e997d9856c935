using System.Net;
using System.Net.Sockets;
using Holdfast.Platform;
using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Selftest.Ports;

public sealed class PortTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_port_on_which_somebody_listens_is_taken(string address)
    {
        if (Listen(address) is not { } listener) return;
        using (listener)
        {
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            Assert.True(PortOwner.IsTaken(port));
            listener.Stop();
            Assert.False(PortOwner.IsTaken(port));
            Assert.Null(PortOwner.Find(port));
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [WineLacks("the owners of ports")]
    public void Who_listens_on_a_port_is_named(string address)
    {
        if (Listen(address) is not { } listener) return;
        using (listener)
        {
            var owner = PortOwner.Find(((IPEndPoint)listener.LocalEndpoint).Port)!;
            Assert.Equal(Environment.ProcessId, owner.Pid);
            Assert.Equal($"holdfast-windows-selftest.exe (PID {Environment.ProcessId})", owner.ToString());
        }
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

    /// <summary>Null: a host without IPv6.</summary>
    private static TcpListener? Listen(string address)
    {
        var listener = new TcpListener(IPAddress.Parse(address), 0);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException) when (address == "::1")
        {
            listener.Dispose();
            return null;
        }
    }
}
