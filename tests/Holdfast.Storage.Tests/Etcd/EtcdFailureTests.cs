using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Storage.Etcd;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>What etcd's errors mean, by their code: words of <c>api/v3rpc/rpctypes/error.go</c>.</summary>
public sealed class EtcdFailureTests
{
    private static readonly Uri Member = new("https://etcd-1:2379");

    [Theory]
    [InlineData(StatusCode.Unavailable, "etcdserver: request timed out", true)]
    [InlineData(StatusCode.Unavailable, "etcdserver: leader changed", true)]
    [InlineData(StatusCode.Unavailable, "etcdserver: no leader", false)]
    [InlineData(StatusCode.Unavailable, "etcdserver: a word that nobody knows yet", true)]
    [InlineData(StatusCode.DeadlineExceeded, "no answer before the deadline", true)]
    [InlineData(StatusCode.Cancelled, "the server reset the call", true)]
    [InlineData(StatusCode.Internal, "the connection broke", true)]
    [InlineData(StatusCode.Unknown, "what", true)]
    [InlineData(StatusCode.ResourceExhausted, "etcdserver: too many requests", false)]
    public void What_is_no_judgement_is_tried_elsewhere(StatusCode code, string said, bool mayHaveHappened)
    {
        var failure = EtcdFailure.Of(new RpcException(code, said), Member);
        Assert.Equal((EtcdAdvice.GoOn, mayHaveHappened), (failure.Advice, failure.MayHaveHappened));
        Assert.Equal(("store.unavailable", ProblemKind.Unavailable), (failure.Problem.Rule, failure.Problem.Kind));
        Assert.Contains("etcd-1:2379", failure.Problem.What);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: duplicate key given in txn request", "store.transaction-invalid")]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: request is too large", "store.transaction-invalid")]
    [InlineData(StatusCode.ResourceExhausted, "etcdserver: mvcc: database space exceeded", "store.no-space")]
    [InlineData(StatusCode.PermissionDenied, "etcdserver: permission denied", "store.refused")]
    [InlineData(StatusCode.DataLoss, "etcdserver: corrupt cluster", "store.damaged")]
    [InlineData(StatusCode.Unimplemented, "unknown service etcdserverpb.KV", "store.not-etcd")]
    public void A_judgement_is_final(StatusCode code, string said, string rule)
    {
        var failure = EtcdFailure.Of(new RpcException(code, said), Member);
        Assert.Equal((EtcdAdvice.GiveUp, rule), (failure.Advice, failure.Problem.Rule));
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated, "etcdserver: invalid auth token")]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: authentication failed, invalid user ID or password")]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: revision of auth store is old")]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: user name is empty")]
    public void Who_is_not_known_any_more_logs_in_again(StatusCode code, string said)
    {
        var failure = EtcdFailure.Of(new RpcException(code, said), Member);
        Assert.Equal((EtcdAdvice.LogInAgain, "store.refused"), (failure.Advice, failure.Problem.Rule));
        Assert.Equal(EtcdAdvice.GiveUp, EtcdFailure.OfLogIn(new RpcException(code, said), Member).Advice);
    }
}
