using System.Net;
using System.Net.Sockets;
using System.Text;
using Holdfast.Platform;
using Holdfast.Testing.Processes;

namespace Holdfast.Windows.Selftest.Endpoints;

public sealed class LoopbackTests : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Readiness readiness = Readiness.Create();
    private readonly ReadyEvent[] events = new ReadyEvent[4];

    public void Dispose()
    {
        listener.Dispose();
        readiness.Dispose();
    }

    [Fact]
    public void It_connects_asks_and_is_answered_without_waiting_in_any_call()
    {
        listener.Start();
        using var connection = LoopbackConnection.Begin(((IPEndPoint)listener.LocalEndpoint).Port);
        readiness.Add(connection.Handle, 1);
        Until(() => connection.Finish().State != SocketState.Waiting);
        Assert.Equal(SocketState.Done, connection.Finish().State);
        using var server = listener.AcceptSocket();

        Assert.Equal(new SocketStep(SocketState.Done, 4), connection.Send("ping"u8));
        var buffer = new byte[64];
        Assert.Equal(4, server.Receive(buffer));
        Assert.Equal(SocketState.Waiting, connection.Read(buffer).State);
        server.Send("pong"u8);
        SocketStep read = default;
        Until(() => (read = connection.Read(buffer)).State != SocketState.Waiting);
        Assert.Equal("pong", Encoding.ASCII.GetString(buffer, 0, read.Bytes));

        server.Shutdown(SocketShutdown.Send);
        Until(() => (read = connection.Read(buffer)).State != SocketState.Waiting);
        Assert.Equal(new SocketStep(SocketState.Done, 0), read);
    }

    [Fact]
    public void What_does_not_fit_waits_until_it_can_be_sent()
    {
        listener.Start();
        using var connection = LoopbackConnection.Begin(((IPEndPoint)listener.LocalEndpoint).Port);
        readiness.Add(connection.Handle, 1);
        Until(() => connection.Finish().State == SocketState.Done);
        using var server = listener.AcceptSocket();
        var chunk = new byte[64 * 1024];
        long sent = 0;
        SocketStep step;
        while ((step = connection.Send(chunk)).State == SocketState.Done) sent += step.Bytes;
        Assert.Equal(SocketState.Waiting, step.State);
        Assert.Equal(0, readiness.Wait(events, TimeSpan.FromMilliseconds(20)));
        for (var left = sent; left > 0;) left -= server.Receive(chunk);
        Until(() => connection.Send("x"u8).State == SocketState.Done);
    }

    [Fact]
    public void Nobody_listens()
    {
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var connection = LoopbackConnection.Begin(port);
        readiness.Add(connection.Handle, 1);
        Until(() => connection.Finish().State != SocketState.Waiting);
        Assert.Equal(SocketState.Refused, connection.Finish().State);
        Assert.Equal(SocketState.Refused, connection.Send("x"u8).State);
    }

    /// <summary>Looks again whenever its event is told, and fails where that is not.</summary>
    private void Until(Func<bool> done)
    {
        var until = BootClock.SinceBoot + HostHarness.Generous;
        while (!done())
        {
            Assert.True(BootClock.SinceBoot < until, "it has not come");
            Assert.Equal(1, readiness.Wait(events, HostHarness.Generous));
        }
    }
}
