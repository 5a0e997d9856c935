using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Operations;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Cluster;

namespace Holdfast.Node.Api;

/// <summary>How machines become nodes of this cluster.</summary>
internal sealed class ClusterApi(ClusterJoining joining, Refusals refusals, TimeProvider time) : ClusterBase
{
    /// <summary>For who may be anybody to say what it wants.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Each may send a message of the largest size, slowly: more of them could take the agent's memory.</summary>
    internal const int MostAtOnce = 16;

    private int atOnce;

    public override async Task<TokenResponse> Token(TokenRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.IsAdministrator) throw caller.Refuse(refusals, ClusterJoining.TokenAct, ClusterJoining.Target(request.Node), NoRight(caller.Name));
        var life = request.Minutes == 0 ? TokenGiving.UsualLife : TimeSpan.FromMinutes(request.Minutes);
        var given = await joining.GiveTokenAsync(caller.Actor, request.Node, life, context.Cancel);
        return given.TryGet(out var token)
            ? new() { Token = token.Text, Until = Timestamp.FromDateTimeOffset(token.Until) }
            : throw ProblemTranslation.ToException(given.Problems);
    }

    public override async Task Join(IAsyncStreamReader<JoinRequest> requests, IServerStreamWriter<JoinResponse> responses, ServerCallContext context)
    {
        try
        {
            if (Interlocked.Increment(ref atOnce) > MostAtOnce) throw ProblemTranslation.ToException([JoinProblems.TooManyAtOnce()]);
            await JoinAsync(requests, responses, context);
        }
        finally
        {
            Interlocked.Decrement(ref atOnce);
        }
    }

    public override async Task<RenewResponse> Renew(RenewRequest request, ServerCallContext context)
    {
        var renewed = await joining.RenewAsync(Caller.Of(context).Actor, request.Request, context.Cancel);
        return renewed.TryGet(out var answer)
            ? new() { Certificate = answer.Certificate, Cluster = ByteString.CopyFrom(answer.Cluster) }
            : throw ProblemTranslation.ToException(renewed.Problems);
    }

    private async Task JoinAsync(IAsyncStreamReader<JoinRequest> requests, IServerStreamWriter<JoinResponse> responses, ServerCallContext context)
    {
        var authority = joining.Authority();
        if (!authority.IsOk) throw ProblemTranslation.ToException(authority.Problems);
        await responses.WriteAsync(new() { Hello = new() { Authority = authority.Value, Now = Timestamp.FromDateTimeOffset(time.GetUtcNow()) } }, context.Cancel);
        if (!await AsksAsync(requests, context.Cancel)) return;
        var joined = await joining.JoinAsync(Ask(requests.Current!), Caller.Of(context).Actor, context.Cancel);
        if (!joined.TryGet(out var answer)) throw ProblemTranslation.ToException(joined.Problems);
        await responses.WriteAsync(
            new() { Grant = new() { Certificate = answer.Certificate, Roots = answer.Roots, Cluster = ByteString.CopyFrom(answer.Cluster) } }, context.Cancel);
    }

    private async Task<bool> AsksAsync(IAsyncStreamReader<JoinRequest> requests, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await requests.MoveNext(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new RpcException(StatusCode.DeadlineExceeded, $"nothing was asked within {Patience.TotalSeconds:0} s");
        }
    }

    private static JoinAsk Ask(JoinRequest request) => new(request.Secret.Memory, request.Node, [.. request.Addresses], request.Request, request.Version, Timestamps.Read(request.Now));

    private static Problem NoRight(string caller) => new(ProblemKind.Refused, "cluster.no-right", $"{caller} may not let nodes into this cluster.")
    {
        Mend = "root, the agent's own account, and admins may",
    };
}
