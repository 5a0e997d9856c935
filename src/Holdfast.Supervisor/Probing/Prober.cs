using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Probing;

/// <summary>Runs the probes that need a socket within the loop's own wait: none has a thread, a timer or a task. For the loop's thread.</summary>
internal sealed class Prober(IProcessHost host, TimeProvider time)
{
    /// <summary>Probes' sockets have this token and those below it.</summary>
    public const long FirstToken = -2;

    private readonly Dictionary<long, SocketProbe> asked = [];
    private readonly PriorityQueue<long, TimeSpan> deadlines = new();
    private readonly byte[] workspace = new byte[ProbeQuestion.MostBytes];
    private long lastToken = FirstToken + 1;

    private TimeSpan Now => time.GetElapsedTime(0, time.GetTimestamp());

    /// <summary>Starts a probe; the verdict is told exactly once: before this returns, or by a later call, within the probe's timeout or soon after.</summary>
    public void Start(InstancePlan plan, ProbeSpec probe, Action<ProbeVerdict> tell)
    {
        var name = ProbeTarget.PortName(probe);
        if (name is null) tell(new(false, "the probe asks for nothing", TimeSpan.Zero));
        else if (ProbeTarget.PortOf(plan, name) is not { } port) tell(new(false, $"there is no port {name}", TimeSpan.Zero));
        else Ask(port, QuestionOf(probe, port), probe.Timeout, tell);
    }

    /// <summary>Tells the service to do something: a POST without a body. Its answer is told as a verdict, in the same way.</summary>
    /// <param name="name">Of a port of the service, or its number.</param>
    /// <param name="epoch">In which it is to act, as <c>Holdfast-Epoch</c>; null: it is about no epoch.</param>
    public void Post(InstancePlan plan, string name, string path, TimeSpan timeout, Action<ProbeVerdict> tell, long? epoch = null)
    {
        if (ProbeTarget.PortOf(plan, name) is not { } port) tell(new(false, $"there is no port {name}", TimeSpan.Zero));
        else Ask(port, HttpQuestion.Post(path, HostOf(port), epoch), timeout, tell);
    }

    /// <summary>One of them can go on.</summary>
    public void TakeReady(long token)
    {
        if (asked.TryGetValue(token, out var probe)) GoOn(token, probe);
    }

    /// <summary>How long until one of them has had its time.</summary>
    public TimeSpan UntilNext(TimeSpan now)
    {
        while (deadlines.TryPeek(out var token, out var due))
        {
            if (asked.ContainsKey(token)) return due > now ? due - now : TimeSpan.Zero;
            deadlines.Dequeue();
        }

        return Timeout.InfiniteTimeSpan;
    }

    /// <summary>Ends those that have had their time.</summary>
    public void PassTime(TimeSpan now)
    {
        while (deadlines.TryPeek(out var token, out var due) && due <= now)
        {
            deadlines.Dequeue();
            if (!asked.TryGetValue(token, out var probe)) continue;
            probe.Fail($"no answer within {probe.Timeout.TotalSeconds:0.###} s");
            End(token, probe);
        }
    }

    private static string HostOf(int port) => $"{LoopbackConnection.Address}:{port}";

    /// <summary>Null: that somebody listens is the answer.</summary>
    private static ProbeQuestion? QuestionOf(ProbeSpec probe, int port) =>
        probe.Http is { } http ? HttpQuestion.Get(http.Path, http.Host ?? HostOf(port))
        : probe.Grpc is { } grpc ? new GrpcQuestion(grpc.Service, HostOf(port))
        : null;

    private void Ask(int port, ProbeQuestion? question, TimeSpan timeout, Action<ProbeVerdict> tell)
    {
        var began = Now;
        LoopbackConnection connection;
        try
        {
            connection = LoopbackConnection.Begin(port);
        }
        catch (IOException failure)
        {
            tell(new(false, $"port {port}: {failure.Message}", TimeSpan.Zero));
            return;
        }

        var probe = new SocketProbe(connection, port, question, began, timeout, tell);
        asked[--lastToken] = probe;
        GoOn(lastToken, probe);
    }

    private void GoOn(long token, SocketProbe probe)
    {
        var before = probe.Need;
        probe.GoOn(workspace);
        if (probe.Need != ProbeNeed.Nothing && (probe.Need == before || Watch(token, probe)))
        {
            if (before == ProbeNeed.Nothing) deadlines.Enqueue(token, probe.Due);
            return;
        }

        End(token, probe);
    }

    /// <summary>False: it cannot be waited for, and has failed.</summary>
    private bool Watch(long token, SocketProbe probe)
    {
        var handle = probe.Connection.Handle;
        host.Unwatch(handle);
        try
        {
            if (probe.Need == ProbeNeed.Reading) host.Watch(handle, token);
            else host.WatchForWriting(handle, token);
            return true;
        }
        catch (IOException failure)
        {
            probe.Fail(failure.Message);
            return false;
        }
    }

    private void End(long token, SocketProbe probe)
    {
        asked.Remove(token);
        // Closed first, it has left the queue by itself.
        probe.Dispose();
        host.Unwatch(probe.Connection.Handle);
        probe.Tell(Now);
    }
}
