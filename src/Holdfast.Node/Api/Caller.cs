using Holdfast.Platform;
using Holdfast.Core.Problems;
using Holdfast.Rpc.Server;

namespace Holdfast.Node.Api;

/// <summary>Who is at the other end of the API's socket, as the kernel says: the audit identity.</summary>
/// <param name="IsAdministrator">Root, or the agent's own account: it may do what the node may.</param>
internal sealed record Caller(string Name, bool IsAdministrator = false)
{
    /// <summary>Members of this group may use the API, beside root and the agent's own account.</summary>
    public const string Group = "holdfast";

    public static Caller Of(ServerCallContext context) =>
        (Caller?)context.Peer ?? throw new InvalidOperationException("The call came without a caller.");

    /// <summary>Finds out who calls and refuses who may not. The socket's rights say the same; this holds where they were widened by hand.</summary>
    public static Task IdentifyAsync(ServerCallContext context)
    {
        var peer = PeerOf(context) ?? throw ProblemTranslation.ToException([Unknown()]);
        var administrator = peer.IsAdministrator || peer.IsOurs;
        if (!administrator && !peer.IsMember(Group))
            throw ProblemTranslation.ToException([NoRight(peer)]);
        context.Peer = new Caller(peer.UserName, administrator);
        return Task.CompletedTask;
    }

    private static PeerIdentity? PeerOf(ServerCallContext context)
    {
        if (context.Socket is { } socket) return PeerIdentity.Of(socket);
        return OperatingSystem.IsWindows() && context.Pipe is { } pipe ? LocalPipe.ClientOf(pipe) : null;
    }

    private static Problem Unknown() => new(ProblemKind.Refused, "api.no-identity", "The call came over a connection that does not say who calls.");

    private static Problem NoRight(PeerIdentity peer) => new(
        ProblemKind.Refused, "api.no-right", $"{peer.UserName} may not use the API of this node.")
    {
        Mend = $"become a member of the group {Group}",
    };
}
