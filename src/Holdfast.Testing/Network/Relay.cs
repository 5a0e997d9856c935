using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Holdfast.Testing.Network;

/// <summary>A wire between client and server that a test may cut, hold, lead elsewhere, or answer itself.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly ConcurrentDictionary<Line, bool> lines = new();
    private readonly Task accepting;
    private volatile bool holdsThere, holdsBack;
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

    /// <summary>From now on nothing passes, on old connections and new ones: a network that lost its way, in which nobody is told anything.</summary>
    public void Hold()
    {
        holdsThere = true;
        HoldAnswers();
        foreach (var line in lines.Keys) line.There.Hold();
    }

    /// <summary>From now on what the client sends arrives, and nothing comes back.</summary>
    public void HoldAnswers()
    {
        holdsBack = true;
        foreach (var line in lines.Keys) line.Back.Hold();
    }

    /// <summary>New connections pass. Those that are held stay held.</summary>
    public void PassNew() => holdsThere = holdsBack = false;

    /// <summary>What was held goes on, and what comes passes.</summary>
    public void Release()
    {
        PassNew();
        foreach (var line in lines.Keys)
        {
            line.There.Release();
            line.Back.Release();
        }
    }

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
        Release();
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
            Release();
        }

        await Task.WhenAll(running);
    }

    private async Task ServeAsync(TcpClient client)
    {
        open[client] = true;
        Interlocked.Increment(ref connections);
        using var server = new TcpClient();
        var line = new Line();
        try
        {
            if (Answer is { } answer)
            {
                await answer(client.GetStream());
                return;
            }

            lines[line] = true;
            if (holdsThere) line.There.Hold();
            if (holdsBack) line.Back.Hold();
            await server.ConnectAsync(Target.Host, Target.Port);
            open[server] = true;
            var (near, far) = (client.GetStream(), server.GetStream());
            await Task.WhenAny(CopyAsync(near, far, line.There), CopyAsync(far, near, line.Back));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone; the other learns it below.
        }
        finally
        {
            lines.TryRemove(line, out _);
            open.TryRemove(client, out _);
            open.TryRemove(server, out _);
            client.Close();
        }
    }

    /// <summary>Ends when its source does, or when either side is gone.</summary>
    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Valve valve)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer) is var read and > 0)
        {
            await valve.Passing;
            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    private sealed class Line
    {
        public Valve There { get; } = new();

        public Valve Back { get; } = new();
    }

    private sealed class Valve
    {
        private volatile TaskCompletionSource? held;

        public Task Passing => held?.Task ?? Task.CompletedTask;

        public void Hold() => held ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => Interlocked.Exchange(ref held, null)?.TrySetResult();
    }
}
