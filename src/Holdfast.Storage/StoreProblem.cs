using Holdfast.Core.Problems;

namespace Holdfast.Storage;

/// <summary>The problems that every store can have, each made in one place. Rule names are append-only.</summary>
public static class StoreProblem
{
    public static Problem Compacted(long revision, long oldest) => new(
        ProblemKind.Conflict, "store.compacted", $"Revision {revision} is no longer known; the oldest known one is {oldest}.")
    {
        Mend = "read the present state",
    };

    public static Problem FutureRevision(long revision, long current) => new(
        ProblemKind.BadInput, "store.future-revision", $"Revision {revision} has not happened; the store is at {current}.");

    public static Problem LeaseGone(long lease) => new(
        ProblemKind.NotFound, "store.lease-gone", $"Lease {lease:x} has ended.")
    {
        Mend = "grant a new one; what depended on the old one no longer holds",
    };

    public static Problem LeaseLength(TimeSpan length) => new(
        ProblemKind.BadInput, "store.lease-length", $"A lease of {length} cannot be granted.")
    {
        Mend = $"ask for {StoreLimits.ShortestLease} to {StoreLimits.LongestLease}",
    };

    public static Problem RequestVoided(string requestId) => new(
        ProblemKind.Conflict, "store.request-voided", $"Request {requestId} was settled as void before it arrived.")
    {
        Mend = "make a new request with a new id",
    };

    public static Problem TransactionInvalid(string why) => new(
        ProblemKind.BadInput, "store.transaction-invalid", $"The transaction cannot be done: {why}.");

    public static Problem Unavailable(string why) => new(
        ProblemKind.Unavailable, "store.unavailable", $"The store cannot be used now: {why}.");

    public static Problem NoSpace(string where) => new(
        ProblemKind.Unavailable, "store.no-space", $"There is no space left for the store {where}.")
    {
        Mend = "free space on its volume and try again; nothing was changed",
    };
}
