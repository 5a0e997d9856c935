using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>
/// Stands between a client and a server that speak without TLS, passes everything on, and tells what no API does: pings, GOAWAYs, compressed messages.
/// </summary>
internal sealed class FrameTap : IAsyncDisposable
{
    private const int Data = 0, Ping = 6, GoAway = 7, Ack = 1;
    private static readonly int PrefaceBytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly ConcurrentDictionary<(object Connection, int Stream), PackedCount> answers = new();
    private readonly List<Task> pumps = [];
    private readonly Task accepting;
    private readonly int target;
    private readonly ConcurrentQueue<string> goAways = [];
    private int pings, packed;

    private FrameTap(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Those of the client that are no answers.</summary>
    public int Pings => Volatile.Read(ref pings);

    /// <summary>What the server said as it sent the client away: the error's number and its words.</summary>
    public ConcurrentQueue<string> GoAways => goAways;

    /// <summary>The server's compressed messages.</summary>
    public int PackedAnswers => Volatile.Read(ref packed);

    public static FrameTap Start(int target) => new(target);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(pumps);
        over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(over.Token);
                pumps.Add(PassAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, target, over.Token);
            await Task.WhenAll(
                PumpAsync(near.GetStream(), far, new FrameReader(PrefaceBytes, (type, flags, _, _) => SeeRequest(type, flags))),
                PumpAsync(far.GetStream(), near, new FrameReader(0, (type, flags, stream, payload) => SeeAnswer(far, type, stream, payload))));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // One side went; so does the other.
        }
    }

    private async Task PumpAsync(NetworkStream from, TcpClient to, FrameReader frames)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, over.Token) is > 0 and var count)
        {
            frames.Take(buffer.AsSpan(0, count));
            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), over.Token);
        }

        to.Client.Shutdown(SocketShutdown.Send);
    }

    private void SeeRequest(byte type, byte flags)
    {
        if (type == Ping && (flags & Ack) == 0) Interlocked.Increment(ref pings);
    }

    private void SeeAnswer(object connection, byte type, int stream, ReadOnlySpan<byte> payload)
    {
        if (type == GoAway) goAways.Enqueue($"{BinaryPrimitives.ReadInt32BigEndian(payload[4..])} {Encoding.ASCII.GetString(payload[8..])}");
        if (type == Data) Interlocked.Add(ref packed, answers.GetOrAdd((connection, stream), _ => new PackedCount()).Take(payload));
    }
}
