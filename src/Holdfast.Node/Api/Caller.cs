using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;

namespace Holdfast.Node.Api;

/// <summary>Who is at the other end, as the kernel says of the local socket, and a certificate over TCP: the audit identity.</summary>
/// <param name="IsAdministrator">Root, the agent's own account, or an admin's certificate: it may do what the node may.</param>
internal sealed record Caller(string Name, bool IsAdministrator = false)
{
    /// <summary>Members of this group may use the API, beside root and the agent's own account.</summary>
    public const string Group = "holdfast";

    public static Caller Of(ServerCallContext context) =>
        (Caller?)context.Peer ?? throw new InvalidOperationException("The call came without a caller.");

    /// <summary>Finds out who calls and refuses who may not.</summary>
    /// <param name="refuse">Why a certificate is not taken, or no longer; a connection may be older than a revocation.</param>
    public static Task IdentifyAsync(ServerCallContext context, Func<X509Certificate2, string?> refuse)
    {
        context.Peer = context.ClientCertificate is { } shown ? ByCertificate(shown, refuse, context.Method) : ByKernel(context);
        return Task.CompletedTask;
    }

    /// <summary>What a caller is told whose stream is open and whose certificate is not taken any longer; null: it goes on.</summary>
    public static RpcException? NoLonger(ServerCallContext context, Func<X509Certificate2, string?> refuse) =>
        context.ClientCertificate is { } shown && refuse(shown) is { } why ? ProblemTranslation.ToException([NotTaken(shown, why)]) : null;

    private static Caller ByCertificate(X509Certificate2 shown, Func<X509Certificate2, string?> refuse, string method)
    {
        if (refuse(shown) is { } why) throw ProblemTranslation.ToException([NotTaken(shown, why)]);
        return PeerName.Of(shown) is { } peer && (peer.Role != PeerRole.Node || MethodAccess.IsForNodes(method))
            ? new(peer.ToString(), peer.Role == PeerRole.Admin)
            : throw ProblemTranslation.ToException([NoRight(shown)]);
    }

    /// <summary>The socket's rights say the same; this holds where they were widened by hand.</summary>
    private static Caller ByKernel(ServerCallContext context)
    {
        if (PeerOf(context) is not { } peer) return ByNothing(context);
        var administrator = peer.IsAdministrator || peer.IsOurs;
        if (!administrator && !peer.IsMember(Group))
            throw ProblemTranslation.ToException([NoRight(peer)]);
        return new(peer.UserName, administrator);
    }

    /// <summary>Across the network, and no certificate was shown: there is one thing that such a caller may do.</summary>
    private static Caller ByNothing(ServerCallContext context) => MethodAccess.IsForAnybody(context.Method)
        ? new($"somebody at {(context.Socket?.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "an unknown address"}")
        : throw ProblemTranslation.ToException([Unknown()], StatusCode.Unauthenticated);

    private static PeerIdentity? PeerOf(ServerCallContext context)
    {
        if (context.Socket is { AddressFamily: AddressFamily.Unix } socket) return PeerIdentity.Of(socket);
        return OperatingSystem.IsWindows() && context.Pipe is { } pipe ? LocalPipe.ClientOf(pipe) : null;
    }

    private static Problem Unknown() => new(ProblemKind.Refused, "api.no-identity", "The call came over a connection that does not say who calls.")
    {
        Mend = "show a certificate that this node takes: `holdfast certs issue` on the node that gives them out",
    };

    private static Problem NotTaken(X509Certificate2 shown, string why) => new(ProblemKind.Refused, "api.certificate", $"The certificate of {PeerName.Of(shown)?.ToString() ?? shown.Subject} is not taken: {why}.")
    {
        Mend = "ask for another one: `holdfast certs issue` on the node that gives them out",
    };

    private static Problem NoRight(X509Certificate2 shown) => new(ProblemKind.Refused, "api.no-right", $"{PeerName.Of(shown)} may not use the API of this node.")
    {
        Mend = "use a certificate of an operator or admin",
    };

    private static Problem NoRight(PeerIdentity peer) => new(
        ProblemKind.Refused, "api.no-right", $"{peer.UserName} may not use the API of this node.")
    {
        Mend = $"become a member of the group {Group}",
    };
}
