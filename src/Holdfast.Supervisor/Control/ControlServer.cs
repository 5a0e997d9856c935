using System.Collections.Concurrent;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Control;

/// <summary>Listens on the control socket, and lets in whoever is of our account or root.</summary>
internal sealed class ControlServer : IDisposable
{
    private readonly LocalListener listener;
    private readonly ControlVerbs verbs;
    private readonly Hello hello;
    private readonly TimeProvider time;
    private readonly Log log;
    private readonly ConcurrentDictionary<ControlSession, Task> sessions = new();
    private readonly Task accepting;

    public ControlServer(LocalListener listener, SupervisorIdentity identity, ControlVerbs verbs, TimeProvider time, Log log)
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
            LocalConnection? connection;
            try
            {
                connection = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (IOException failure)
            {
                log.Say($"a connection was not accepted: {failure.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), time).ConfigureAwait(false);
                continue;
            }

            if (connection is null) return;
            Serve(connection);
        }
    }

    private void Serve(LocalConnection connection)
    {
        var peer = connection.Peer;
        if (!peer.IsAdministrator && !peer.IsOurs)
        {
            log.Say($"a connection of {peer.UserName} (PID {peer.Pid}) was refused: only our own account and root may control instances");
            connection.Dispose();
            return;
        }

        var session = new ControlSession(new FrameConnection(connection), hello, verbs, time);
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
