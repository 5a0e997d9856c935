using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Node.Pinning;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>
/// Connects to a home's supervisor and makes sure that it is the one: the kernel's peer, the identity file and its own hello
/// must name the same process of this boot. A PID alone may have been given to somebody else.
/// </summary>
internal static class SupervisorHandshake
{
    public static async Task<Outcome<SupervisorLink>> ConnectAsync(SupervisorPlace place, TimeProvider time, CancellationToken cancel)
    {
        var connected = LocalConnection.Open(place.Socket);
        if (!connected.TryGet(out var local)) return Away(connected.Problems);
        var connection = new FrameConnection(local);
        using var patience = new CancellationTokenSource(ControlProtocol.HelloWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            var hello = new Hello(ControlProtocol.Oldest, ControlProtocol.Newest, ProductVersion.Text);
            if (!await connection.SendAsync(FrameKind.Hello, hello, SupervisionJson.Default.Hello, either.Token).ConfigureAwait(false)
                || await connection.ReadAsync(either.Token).ConfigureAwait(false) is not { Kind: FrameKind.Hello } frame)
            {
                connection.Dispose();
                return Away("the supervisor closed the connection");
            }

            var judged = Judge(FrameConnection.Parse(frame, SupervisionJson.Default.Hello), SupervisorIdentityFile.Read(place), local.Peer, OperatingSystem.IsWindows() ? Pin.AccountSidOf(place) : null);
            if (!judged.TryGet(out var identity))
            {
                connection.Dispose();
                return Outcome.Failed<SupervisorLink>(judged.Problems);
            }

            return new SupervisorLink(connection, identity);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            connection.Dispose();
            cancel.ThrowIfCancellationRequested();
            return Away("the supervisor does not answer");
        }
    }

    /// <param name="account">SID of the service's account, where the supervisor runs under that.</param>
    internal static Outcome<SupervisorIdentity> Judge(Hello? hello, SupervisorIdentity? written, PeerIdentity peer, string? account = null)
    {
        if (hello is null) return Away("what answers is not a supervisor");
        if (hello.Problem is { } problem) return problem;
        if (ControlProtocol.Agree(hello.Oldest, hello.Newest) is null)
        {
            return new Problem(ProblemKind.Conflict, "supervisor.protocol", $"the supervisor {hello.Version} speaks protocol {hello.Oldest} to {hello.Newest}, this build {ControlProtocol.Oldest} to {ControlProtocol.Newest}")
            {
                Mend = "use a version next to the supervisor's, or restart the supervisor with this one",
            };
        }

        if (hello.Identity is not { } said) return Away("what answers does not say who it is");
        // That it answers shows that it is of this boot. Boot ids are not compared: in a container whose own lies over the host's, a unit
        // with ProtectKernelTunables sees the host's, and the supervisor does not.
        var same = said == written
            && peer.Pid == said.Pid
            && (peer.IsAdministrator || peer.IsOurs || (account is not null && peer.Sid == account))
            && ProcessFacts.IsAlive(said.Pid, said.CreationTime);
        return same ? said : new Problem(ProblemKind.Refused, "supervisor.identity", "what answers on the supervisor's socket is not the supervisor that its identity file names")
        {
            Why = $"the socket's peer is PID {peer.Pid}, its hello names PID {said.Pid}, the file {(written is null ? "is not there" : $"names PID {written.Pid}")}",
            Mend = "if a supervisor is just being replaced this passes by itself; else see who listens on run/supervisor.sock",
        };
    }

    private static Problem Away(string why) => new(ProblemKind.Unavailable, "supervisor.away", "no supervisor answers") { Why = why };

    private static Problem Away(IReadOnlyList<Problem> problems) => Away(problems[0].What);
}
