using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Platform;
using Holdfast.Rpc;

namespace Holdfast.Cli.Api;

/// <summary>What a failed call means to the person who asked.</summary>
internal static class ApiFailure
{
    public static IReadOnlyList<Problem> Explain(RpcException failure, CliContext cli)
    {
        if (cli.Identity is not null && failure.Status.Code == StatusCode.Unavailable && failure.Trailers.GetBytes(ProblemTranslation.Trailer) is null) return [NotReached(failure, cli.GivenServer)];
        var home = cli.Home;
        if (failure.Status.Code == StatusCode.Unavailable && SocketErrorOf(failure) is { } error)
            return [error == SocketError.AccessDenied ? NotAllowed(home) : NoAgent(home)];
        if (failure.Status.Code == StatusCode.Unimplemented) return [OtherVersion(failure)];
        return ProblemTranslation.ToProblems(failure);
    }

    /// <summary>The server's own failure: it is a bug, and not of the person who asked.</summary>
    public static bool IsBug(RpcException failure) =>
        failure.Status.Code is StatusCode.Unknown or StatusCode.Internal && failure.Trailers.GetBytes(ProblemTranslation.Trailer) is null;

    /// <summary>Why no connection came about; null: there was one.</summary>
    public static SocketError? SocketErrorOf(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket) return socket.SocketErrorCode;
        }

        return null;
    }

    /// <summary>A handshake that the node ended says nothing of the reason; the node's log does.</summary>
    private static Problem NotReached(RpcException failure, string server) => new(ProblemKind.Unavailable, "server.not-reached", $"{server} does not answer.")
    {
        Why = failure.Status.Detail,
        Mend = SocketErrorOf(failure) is null
            ? "the node's log says whom it did not let in and why; `holdfast certs list` there shows which certificates hold"
            : "there, `holdfast node` shows where it listens: an agent does so with --listen ADDRESS:PORT",
    };

    private static Problem NoAgent(Home home) => new(ProblemKind.Unavailable, "agent.not-running", $"No agent answers for the home {home.Path}")
    {
        Mend = "start it with `holdfast agent start`, or name another home with --home or HOLDFAST_HOME",
    };

    private static Problem NotAllowed(Home home) => new(ProblemKind.Refused, "agent.not-allowed", $"You may not use the agent's socket {home.ApiSocket}")
    {
        Mend = "ask to become a member of the group that it belongs to",
    };

    private static Problem OtherVersion(RpcException failure) =>
        new(ProblemKind.Unavailable, "agent.older", $"The agent does not know this: {failure.Status.Detail}") { Mend = "upgrade the agent: `holdfast node` shows its version" };
}
