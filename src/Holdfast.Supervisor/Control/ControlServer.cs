using System.Collections.Concurrent;
using System.Net.Sockets;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Control;

/// <summary>Listens on the control socket, and lets in whoever is of our account or root.</summary>
internal sealed class ControlServer : IDisposable
{
    private readonly Socket listener;
    private readonly ControlVerbs verbs;
    private readonly Hello hello;
    private readonly TimeProvider time;
    private readonly Log log;
    private readonly ConcurrentDictionary<ControlSession, Task> sessions = new();
    private readonly uint own = AccountDirectory.Current().UserId;
    private readonly Task accepting;

    public ControlServer(Socket listener, SupervisorIdentity identity, ControlVerbs verbs, TimeProvider time, Log log)
    {
        (this.listener, this.verbs, this.time, this.log) = (listener, verbs, time, log);
        hello = new Hello(ControlProtocol.Oldest, ControlProtocol.Newest, identity.Version, identity);
        accepting = AcceptAsync();
    }

    /// <summary>Tells everyone who watches that the journal now ends here. From any thread.</summary>
    public void Tell(long sequence)
    {
        foreach (var session in sessions.Keys) session.Tell(sequence);
    }

    public void Dispose()
    {
        listener.Dispose();
        foreach (var session in sessions.Keys) session.Dispose();
        accepting.GetAwaiter().GetResult();
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException failure)
            {
                log.Say($"a connection was not accepted: {failure.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), time).ConfigureAwait(false);
                continue;
            }

            Serve(socket);
        }
    }

    private void Serve(Socket socket)
    {
        var peer = PeerIdentity.Of(socket);
        if (peer.UserId != 0 && peer.UserId != own)
        {
            log.Say($"a connection of {peer.UserName} (PID {peer.Pid}) was refused: only our own account and root may control instances");
            socket.Dispose();
            return;
        }

        var session = new ControlSession(new FrameConnection(socket), hello, verbs, time);
        sessions[session] = RunAsync(session);
    }

    private async Task RunAsync(ControlSession session)
    {
        await Task.Yield();
        try
        {
            await session.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            session.Dispose();
            sessions.TryRemove(session, out _);
        }
    }
}
