using Holdfast.Core.Auditing;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>This node's promises to others that lead: not to lead a service above their epoch, for a while.</summary>
/// <param name="cluster">Its name.</param>
internal sealed class PromiseGiving(string cluster, IStore store, PromiseBook book, LeadershipKeeper leadership, ChangeRecord record)
{
    /// <summary>A store as nodes name it to each other.</summary>
    public static string Name(StoreIdentity store) => $"{store.ClusterId}/{store.Incarnation}";

    /// <summary>Returns when the promise is on disk, and in the record if it is the first in that epoch. Problems: <c>hold.refused</c> and what the disk says.</summary>
    /// <param name="leader">The node that asks.</param>
    /// <param name="ofCluster">The cluster and store that it means.</param>
    public async Task<Outcome<Done>> GiveAsync(Actor leader, (string Name, string Store) ofCluster, string service, long epoch, TimeSpan length, CancellationToken cancel)
    {
        if (ofCluster != (cluster, Name(store.Identity))) return new Problem(ProblemKind.Refused, "hold.refused", "This node does not promise not to lead: it is of another cluster, or of another store.");
        if (service.Length == 0 || epoch <= 0) return new Problem(ProblemKind.BadInput, "hold.refused", "A promise is about an epoch of a service.");
        var isFirst = book.Find(service) is not { } before || before.Epoch != epoch || before.Until <= BootClock.SinceBoot;
        var given = leadership.Promise(service, (known, isFollowing) =>
        {
            var now = BootClock.SinceBoot;
            var judged = Promise.Give(book.Find(service), epoch, length, known, isFollowing, now);
            if (judged.TryGet(out var promise)) book.Keep(service, promise, length, now);
            return judged;
        });
        if (!given.IsOk) return Outcome.Failed<Done>(given.Problems);
        // From here on this node keeps to it, whether anybody hears of it or not.
        var noted = isFirst ? Note(leader, service, epoch) : Outcome.Done;
        // The disk may be slow, and who calls has its own patience.
        return noted.IsOk ? await Task.Run(() => book.Write(BootClock.BootId), cancel) : noted;
    }

    private Outcome<Done> Note(Actor leader, string service, long epoch) => record.Note(new()
    {
        Actor = leader.Name,
        Action = "promise",
        Target = service,
        Operation = $"promise-{service}-{epoch}",
        Outcome = AuditOutcome.Done,
        Details = leader.With(new Dictionary<string, string> { ["epoch"] = $"{epoch}", ["what"] = $"not to lead above epoch {epoch} while {leader} cannot renew its lease" }),
    });
}
