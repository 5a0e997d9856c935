using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Holdfast.Rpc.Tests.Retries;

/// <summary>A wire between client and server that a test may cut, lead elsewhere, or answer itself.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly Task accepting;
    private int connections;

    public Relay(Uri target)
    {
        Target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where new connections lead.</summary>
    public Uri Target { get; set; }

    /// <summary>Answers the next connections itself; null: they lead to the target.</summary>
    public Func<NetworkStream, Task>? Answer { get; set; }

    public Uri Address => new($"http://{listener.LocalEndpoint}");

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Ends all connections, as a cable does: without a word.</summary>
    public void Cut()
    {
        foreach (var client in open.Keys)
        {
            if (open.TryRemove(client, out _)) client.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true) running.Add(ServeAsync(await listener.AcceptTcpClientAsync()));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was stopped.
            Cut();
        }

        await Task.WhenAll(running);
    }

    private async Task ServeAsync(TcpClient client)
    {
        open[client] = true;
        Interlocked.Increment(ref connections);
        using var server = new TcpClient();
        try
        {
            if (Answer is { } answer)
            {
                await answer(client.GetStream());
                return;
            }

            await server.ConnectAsync(Target.Host, Target.Port);
            open[server] = true;
            var (here, there) = (client.GetStream(), server.GetStream());
            await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone; the other learns it below.
        }
        finally
        {
            open.TryRemove(client, out _);
            open.TryRemove(server, out _);
            client.Close();
        }
    }
}
