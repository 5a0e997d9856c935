using System.Net;
using System.Net.Sockets;
using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Probing;

/// <summary>Runs the probes that need a socket, on the runtime's own waiting threads: none of them waits for anything.</summary>
internal sealed class Prober(TimeProvider time)
{
    /// <summary>Starts a probe; the verdict is told from some thread, exactly once, within the probe's timeout or soon after.</summary>
    public void Start(InstancePlan plan, ProbeSpec probe, Action<ProbeVerdict> tell) => _ = RunAsync(plan, probe, tell);

    private async Task RunAsync(InstancePlan plan, ProbeSpec probe, Action<ProbeVerdict> tell)
    {
        var began = time.GetTimestamp();
        var failure = await TryAsync(plan, probe).ConfigureAwait(false);
        tell(new ProbeVerdict(failure is null, failure, time.GetElapsedTime(began)));
    }

    private async Task<string?> TryAsync(InstancePlan plan, ProbeSpec probe)
    {
        var name = ProbeTarget.PortName(probe);
        if (name is null) return "the probe asks for nothing";
        if (ProbeTarget.PortOf(plan, name) is not { } port) return $"there is no port {name}";
        try
        {
            using var patience = new CancellationTokenSource(probe.Timeout, time);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token).ConfigureAwait(false);
            return probe.Http is { } http ? await HttpCheck.AskAsync(socket, HttpCheck.Request(http.Path, http.Host ?? $"127.0.0.1:{port}"), patience.Token).ConfigureAwait(false) : null;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {probe.Timeout.TotalSeconds:0.###} s";
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused ? $"nobody listens on port {port}" : $"port {port}: {refused.Message}";
        }
    }
}
