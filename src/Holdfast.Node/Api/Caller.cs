using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Operations;
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

    private const string NoIdentityRule = "api.no-identity";

    /// <summary>From where it calls; null: nobody asked.</summary>
    public CallOrigin? Origin { get; init; }

    /// <summary>The node whose certificate was shown; null: it was nobody's, or an operator's or admin's.</summary>
    public string? Node { get; init; }

    /// <summary>Why it calls, by its own word; null: it does not say.</summary>
    public string? Why { get; init; }

    /// <summary>For the record.</summary>
    public Actor Actor => new(Name, Origin, Why);

    public static Caller Of(ServerCallContext context) =>
        (Caller?)context.Peer ?? throw new InvalidOperationException("The call came without a caller.");

    /// <summary>Finds out who calls, and refuses who may not, which is recorded.</summary>
    /// <param name="refuse">Why a certificate is not taken, or no longer; a connection may be older than a revocation.</param>
    /// <param name="refusals">Null: there is no record here.</param>
    public static Task IdentifyAsync(ServerCallContext context, Func<X509Certificate2, string?> refuse, Refusals? refusals = null)
    {
        var judged = context.ClientCertificate is { } shown ? ByCertificate(context, shown, refuse) : PeerOf(context) is { } peer ? ByKernel(context, peer) : ByNothing(context);
        if (context.RequestHeaders.GetBytes(CallWords.Why) is { Length: > 0 } why) judged = judged with { Caller = judged.Caller with { Why = Encoding.UTF8.GetString(why) } };
        if ((judged.Problem ?? (MethodAccess.IsForServices(context.Method) ? RecordProblems.WrongDoor : null)) is not { } problem)
        {
            context.Peer = judged.Caller;
            return Task.CompletedTask;
        }

        refusals?.Note(judged.Counted, judged.Caller.Actor, Refusals.Call, context.Method.TrimStart('/'), [problem]);
        throw ProblemTranslation.ToException([problem], problem.Rule == NoIdentityRule ? StatusCode.Unauthenticated : null);
    }

    /// <summary>What a caller is told whose stream is open and whose certificate is not taken any longer; null: it goes on.</summary>
    public static RpcException? NoLonger(ServerCallContext context, Func<X509Certificate2, string?> refuse, Refusals refusals)
    {
        if (context.ClientCertificate is not { } shown || refuse(shown) is not { } why) return null;
        var judged = ByCertificate(context, shown, _ => why);
        refusals.Note(judged.Counted, judged.Caller.Actor, Refusals.Call, context.Method.TrimStart('/'), [judged.Problem!]);
        return ProblemTranslation.ToException([judged.Problem!]);
    }

    /// <summary>What is thrown at a caller who may not do this; it is recorded.</summary>
    public RpcException Refuse(Refusals refusals, string action, string target, Problem problem)
    {
        refusals.Note(Name, Actor, action, target, [problem]);
        return ProblemTranslation.ToException([problem]);
    }

    private static Judged ByCertificate(ServerCallContext context, X509Certificate2 shown, Func<X509Certificate2, string?> refuse)
    {
        var named = PeerName.Of(shown);
        var name = named?.ToString() ?? shown.Subject;
        var caller = new Caller(name, named?.Role == PeerRole.Admin)
        {
            Origin = new(AddressOf(context)?.ToString() ?? "an unknown address", certificate: Convert.ToHexStringLower(SHA256.HashData(shown.RawDataMemory.Span))),
            Node = named?.Role == PeerRole.Node ? named.Name : null,
        };
        var problem = refuse(shown) is { } why ? NotTaken(name, why)
            : named is null || (named.Role == PeerRole.Node && !MethodAccess.IsForNodes(context.Method)) ? NoRight(named)
            : null;
        return new(caller, name, problem);
    }

    /// <summary>The socket's rights say the same; this holds where they were widened by hand.</summary>
    private static Judged ByKernel(ServerCallContext context, PeerIdentity peer)
    {
        var administrator = peer.IsAdministrator || peer.IsOurs;
        var caller = new Caller(peer.UserName, administrator) { Origin = new(context.Pipe is null ? CallDetails.LocalSocket : CallDetails.LocalPipe, peer.Pid) };
        return new(caller, peer.UserName, administrator || peer.IsMember(Group) ? null : NoRight(peer));
    }

    /// <summary>Across the network, and no certificate was shown: there is one thing that such a caller may do.</summary>
    private static Judged ByNothing(ServerCallContext context)
    {
        var address = AddressOf(context);
        var caller = new Caller($"somebody at {address?.Address.ToString() ?? "an unknown address"}") { Origin = new(address?.ToString() ?? "an unknown address") };
        return new(caller, Refusals.Network(address?.Address), MethodAccess.IsForAnybody(context.Method) ? null : Unknown());
    }

    private static IPEndPoint? AddressOf(ServerCallContext context) => context.Socket?.RemoteEndPoint as IPEndPoint;

    private static PeerIdentity? PeerOf(ServerCallContext context)
    {
        if (context.Socket is { AddressFamily: AddressFamily.Unix } socket) return PeerIdentity.Of(socket);
        return OperatingSystem.IsWindows() && context.Pipe is { } pipe ? LocalPipe.ClientOf(pipe) : null;
    }

    private static Problem Unknown() => new(ProblemKind.Refused, NoIdentityRule, "The call came over a connection that does not say who calls.")
    {
        Mend = "show a certificate that this node takes: `holdfast certs issue` on the node that gives them out",
    };

    private static Problem NotTaken(string name, string why) => new(ProblemKind.Refused, "api.certificate", $"The certificate of {name} is not taken: {why}.")
    {
        Mend = "ask for another one: `holdfast certs issue` on the node that gives them out",
    };

    private static Problem NoRight(PeerName? peer) => new(ProblemKind.Refused, "api.no-right", $"{peer} may not use the API of this node.")
    {
        Mend = "use a certificate of an operator or admin",
    };

    private static Problem NoRight(PeerIdentity peer) => new(
        ProblemKind.Refused, "api.no-right", $"{peer.UserName} may not use the API of this node.")
    {
        Mend = $"become a member of the group {Group}",
    };

    /// <param name="Caller">Whoever it is.</param>
    /// <param name="Counted">What its refused attempts are counted under.</param>
    /// <param name="Problem">Why it may not; null: it may.</param>
    private sealed record Judged(Caller Caller, string Counted, Problem? Problem);
}
