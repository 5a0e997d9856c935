using System.Net.Sockets;
using System.Text;

namespace Ledger;

/// <summary>sd_notify: datagrams of KEY=VALUE lines to NOTIFY_SOCKET. Without that variable it does nothing.</summary>
internal sealed class Notifier : IDisposable
{
    private readonly Socket? socket;
    private readonly TimeSpan every;
    private readonly JsonLog log;

    public Notifier(Func<string, string?> env, JsonLog log)
    {
        this.log = log;
        if (env("NOTIFY_SOCKET") is not { Length: > 0 } path)
            return;
        // An @ stands for the abstract name space, whose names begin with a zero byte.
        var name = path[0] == '@' ? "\0" + path[1..] : path;
        try
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(name));
        }
        catch (SocketException e)
        {
            log.Error("cannot notify", ("socket", path), ("error", e.Message));
            socket?.Dispose();
            socket = null;
        }

        if (long.TryParse(env("WATCHDOG_USEC"), out var microseconds) && microseconds > 0)
            every = TimeSpan.FromMicroseconds(microseconds / 2.0);
    }

    public void Send(string message)
    {
        try
        {
            socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException e)
        {
            log.Error("cannot notify", ("error", e.Message));
        }
    }

    /// <summary>Says WATCHDOG=1 in time for as long as <paramref name="alive"/> agrees.</summary>
    public async Task WatchdogAsync(Func<bool> alive, CancellationToken end)
    {
        if (socket is null || every == TimeSpan.Zero)
            return;
        using var timer = new PeriodicTimer(every);
        while (await timer.WaitForNextTickAsync(end))
        {
            if (alive())
                Send("WATCHDOG=1");
        }
    }

    public void Dispose() => socket?.Dispose();
}
