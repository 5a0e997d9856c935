using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks.Lines;

namespace Holdfast.Telemetry.Tests.Sinks;

public sealed class LinesSinkTests
{
    [Fact]
    public async Task Events_are_sent_as_lines_over_one_connection()
    {
        using var listener = Listen();
        await using var sink = Sink(listener);
        var batch = Batches.Of("one", "two");
        var delivering = sink.DeliverAsync(batch, Batches.All(batch), CancellationToken.None);
        using var receiver = await listener.AcceptTcpClientAsync();
        Assert.Equal(Encoding.UTF8.GetString(batch.Lines.Span), await ReadAsync(receiver, batch.Lines.Length));
        Assert.IsType<Delivery.All>(await delivering);
        var next = Batches.Of("three");
        delivering = sink.DeliverAsync(next, [0], CancellationToken.None);
        Assert.Contains("three", await ReadAsync(receiver, next.Lines.Length), StringComparison.Ordinal);
        Assert.IsType<Delivery.All>(await delivering);
    }

    [Fact]
    public async Task Nobody_there_is_told_and_a_receiver_that_went_away_is_not_written_to()
    {
        using var listener = Listen();
        await using var sink = Sink(listener);
        var batch = Batches.Of("one");
        var delivering = sink.DeliverAsync(batch, [0], CancellationToken.None);
        using (var receiver = await listener.AcceptTcpClientAsync()) await ReadAsync(receiver, batch.Lines.Length);
        await delivering;
        listener.Stop();
        // The connection was ended by the receiver: what is sent into it would be lost, and nobody told.
        var nothing = Assert.IsType<Delivery.Nothing>(await sink.DeliverAsync(batch, [0], CancellationToken.None));
        Assert.Contains("127.0.0.1:", nothing.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_in_the_clear_is_not_believed_where_tls_is_wanted()
    {
        using var listener = Listen();
        await using var sink = new LinesSink("127.0.0.1", Port(listener), new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" }, TimeProvider.System);
        var delivering = sink.DeliverAsync(Batches.Of("one"), [0], CancellationToken.None);
        using (var receiver = await listener.AcceptTcpClientAsync()) await receiver.GetStream().WriteAsync("this is no TLS, and never will be"u8.ToArray());
        Assert.IsType<Delivery.Nothing>(await delivering);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static LinesSink Sink(TcpListener listener) => new("127.0.0.1", Port(listener), null, TimeProvider.System);

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task<string> ReadAsync(TcpClient receiver, int length)
    {
        var read = new byte[length];
        await receiver.GetStream().ReadExactlyAsync(read);
        return Encoding.UTF8.GetString(read);
    }
}
