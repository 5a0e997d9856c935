using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Storage.Etcd;

/// <summary>What to do after a failed attempt.</summary>
internal enum EtcdAdvice
{
    /// <summary>It was judged, and every member would say the same.</summary>
    GiveUp,

    /// <summary>This member, at this moment, cannot. Another one may, or the same one later.</summary>
    GoOn,

    /// <summary>The token is no longer taken: log in again.</summary>
    LogInAgain,
}

/// <summary>
/// What the status of a failed call means. Judged by the code: the words of etcd differ between versions, and are for people (a word for "no leader" that nobody
/// knew made a leader step down, patroni#3572).
/// </summary>
/// <param name="MayHaveHappened">A change that was asked for may be done, or yet be done.</param>
internal sealed record EtcdFailure(EtcdAdvice Advice, Problem Problem, bool MayHaveHappened)
{
    /// <summary>Said by a member that has no leader before it looks at the call. Known by its words, and only to say more than the code does.</summary>
    private const string NoLeader = "etcdserver: no leader";

    private const string NoSpace = "space exceeded";

    public static EtcdFailure Of(RpcException failure, Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var said = failure.Status.Detail;
        return failure.Status.Code switch
        {
            StatusCode.InvalidArgument when IsAboutRights(said) => new(EtcdAdvice.LogInAgain, Refused(endpoint, said), false),
            StatusCode.InvalidArgument => new(EtcdAdvice.GiveUp, StoreProblem.TransactionInvalid($"{endpoint.Authority} says: {said}"), false),
            StatusCode.Unauthenticated => new(EtcdAdvice.LogInAgain, Refused(endpoint, said), false),
            StatusCode.PermissionDenied => new(EtcdAdvice.GiveUp, Refused(endpoint, said), false),
            StatusCode.ResourceExhausted when said.Contains(NoSpace, StringComparison.Ordinal) => new(EtcdAdvice.GiveUp, Full(endpoint), false),
            StatusCode.ResourceExhausted => new(EtcdAdvice.GoOn, Away(endpoint, said), false),
            StatusCode.DataLoss => new(EtcdAdvice.GiveUp, Damaged(endpoint, said), true),
            StatusCode.Unimplemented => new(EtcdAdvice.GiveUp, NotEtcd(endpoint, said), false),
            StatusCode.NotFound or StatusCode.OutOfRange or StatusCode.FailedPrecondition or StatusCode.AlreadyExists =>
                new(EtcdAdvice.GiveUp, StoreProblem.TransactionInvalid($"{endpoint.Authority} says: {said}"), false),
            _ => new(EtcdAdvice.GoOn, Away(endpoint, said), !NeverSent(failure) && said != NoLeader),
        };
    }

    /// <summary>Of a login: whatever is not a member's absence is a refusal.</summary>
    public static EtcdFailure OfLogIn(RpcException failure, Uri endpoint)
    {
        var meant = Of(failure, endpoint);
        return meant.Advice == EtcdAdvice.GoOn ? meant with { MayHaveHappened = false } : new(EtcdAdvice.GiveUp, Refused(endpoint, failure.Status.Detail), false);
    }

    /// <summary>A member that answers with an older state than one that was seen before: it lags, or the whole etcd was put back.</summary>
    public static EtcdFailure Older(Uri endpoint, long revision, long seen) =>
        new(EtcdAdvice.GoOn, Away(endpoint, $"it is at revision {revision}, and revision {seen} has been seen"), false);

    /// <summary>None of the members has any longer what was seen: the etcd was restored under a running node.</summary>
    public static Problem WentBack(string endpoints, long revision, long seen) => new(
        ProblemKind.Damaged, "store.went-back", $"The etcd at {endpoints} is at revision {revision}, and this node has seen revision {seen}.")
    {
        Why = "it was put back to an earlier state: what this node knows of it no longer holds, and an epoch could be given twice",
        Mend = "stop the agents, put the backup back with `holdfast cluster restore`, which makes a new incarnation, and start them again",
    };

    /// <summary>Another etcd answers than the one that the store was made in.</summary>
    public static Problem Exchanged(Uri endpoint, ulong found, ulong expected) => new(
        ProblemKind.Damaged, "store.exchanged", $"The etcd at {endpoint.Authority} is not the one that this cluster uses.")
    {
        Why = $"its cluster id is {found:x}, and {expected:x} is expected",
        Mend = "look whether the address is right; a backup is put in place with `holdfast cluster restore`, which makes a new incarnation",
    };

    private static Problem Away(Uri endpoint, string why) => StoreProblem.Unavailable($"{endpoint.Authority}: {why}");

    private static Problem Refused(Uri endpoint, string why) => new(
        ProblemKind.Refused, "store.refused", $"The etcd at {endpoint.Authority} refuses it: {why}.")
    {
        Mend = "give the user of etcd (the common name of the certificate, or the one of the login) the right to read and write the cluster's keys",
    };

    private static Problem Full(Uri endpoint) => new(
        ProblemKind.Unavailable, "store.no-space", $"The etcd at {endpoint.Authority} has reached its quota and takes no changes.")
    {
        Mend = "compact and defragment it, or raise --quota-backend-bytes; then clear the alarm (`etcdctl alarm disarm`)",
    };

    private static Problem Damaged(Uri endpoint, string why) => new(
        ProblemKind.Damaged, "store.damaged", $"The etcd at {endpoint.Authority} says that its data is damaged: {why}.")
    {
        Mend = "remove the member and add it anew, or restore a backup with `holdfast cluster restore`",
    };

    private static Problem NotEtcd(Uri endpoint, string why) => new(
        ProblemKind.Refused, "store.not-etcd", $"What answers at {endpoint.Authority} does not speak etcd's v3 API: {why}.")
    {
        Mend = "name the client address of etcd 3.4 or later (port 2379, not the peers' 2380)",
    };

    /// <summary>The code alone does not tell: "authentication failed", "revision of auth store is old", "user name is empty".</summary>
    private static bool IsAboutRights(string said) =>
        said.Contains("auth", StringComparison.Ordinal) || said.Contains("user name", StringComparison.Ordinal);

    /// <summary>There was no connection: nothing of the call has left this machine.</summary>
    private static bool NeverSent(RpcException failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError })
                return true;
        }

        return false;
    }
}
