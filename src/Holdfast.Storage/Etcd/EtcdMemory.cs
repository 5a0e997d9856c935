using System.Security.Cryptography;
using Holdfast.Core.Problems;

namespace Holdfast.Storage.Etcd;

/// <summary>
/// The lease that the records of requests live by, so that etcd forgets them by itself. A new one every <see cref="StoreLimits.RequestMemory"/>, each twice as long:
/// a record is known for that long at least, and an idle store writes nothing.
/// </summary>
internal sealed class EtcdMemory(EtcdMembers members, TimeProvider time, CancellationToken closing)
{
    private readonly Lock gate = new();
    private Task<Outcome<Lease>>? granted;
    private long asked;

    /// <summary>A lease id that no other call will choose. Chosen here and not by etcd, so that asking again is asking for the same lease.</summary>
    public static long NewLeaseId() => 1 + (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 2);

    public async Task<Outcome<long>> LeaseAsync(CancellationToken cancel)
    {
        var lease = await Current().WaitAsync(cancel);
        return lease.Then(l => Outcome.Of(l.Id));
    }

    /// <summary>Etcd does not know this one any more.</summary>
    public void Forget(long gone)
    {
        lock (gate)
        {
            if (granted is { IsCompletedSuccessfully: true, Result: { IsOk: true } known } && known.Value.Id == gone) granted = null;
        }
    }

    public static async Task<Outcome<Lease>> GrantAsync(EtcdMembers members, long id, TimeSpan length, CancellationToken cancel)
    {
        var request = new Wire.LeaseGrantRequest { ID = id, TTL = (long)Math.Ceiling(length.TotalSeconds) };
        var reply = await members.CallAsync((c, o) => c.Leases.LeaseGrantAsync(request, o), r => r.Header, cancel);
        return reply switch
        {
            EtcdReply<Wire.LeaseGrantResponse>.Answer answer => new Lease(id, TimeSpan.FromSeconds(answer.Message.TTL)),
            // Nobody else has this id: an attempt before was done, and its answer was lost.
            EtcdReply<Wire.LeaseGrantResponse>.Refusal { Code: Rpc.StatusCode.FailedPrecondition } => await FindAsync(members, id, cancel),
            EtcdReply<Wire.LeaseGrantResponse>.Refusal refusal => refusal.Problem,
            EtcdReply<Wire.LeaseGrantResponse>.Silence silence => silence.Problem,
            _ => throw new InvalidOperationException($"Unknown reply {reply}."),
        };
    }

    /// <summary>The lease as it was granted, if it lives. Problems: <c>store.lease-gone</c>.</summary>
    public static async Task<Outcome<Lease>> FindAsync(EtcdMembers members, long id, CancellationToken cancel)
    {
        var seen = await LookAsync(members, id, cancel);
        return seen.Then(found => Outcome.Of(found.Lease));
    }

    /// <summary>The same, and how long it lasts: etcd says whole seconds, and cuts off the rest.</summary>
    public static async Task<Outcome<SeenLease>> LookAsync(EtcdMembers members, long id, CancellationToken cancel)
    {
        var request = new Wire.LeaseTimeToLiveRequest { ID = id };
        var reply = await members.RaceAsync((c, o) => c.Leases.LeaseTimeToLiveAsync(request, o), r => r.Header, cancel);
        return reply switch
        {
            EtcdReply<Wire.LeaseTimeToLiveResponse>.Answer { Message.TTL: < 0 } => StoreProblem.LeaseGone(id),
            EtcdReply<Wire.LeaseTimeToLiveResponse>.Answer answer => new SeenLease(
                new(id, TimeSpan.FromSeconds(answer.Message.GrantedTTL)), TimeSpan.FromSeconds(Math.Min(answer.Message.TTL + 1, answer.Message.GrantedTTL))),
            EtcdReply<Wire.LeaseTimeToLiveResponse>.Refusal { Code: Rpc.StatusCode.NotFound } => StoreProblem.LeaseGone(id),
            EtcdReply<Wire.LeaseTimeToLiveResponse>.Refusal refusal => refusal.Problem,
            EtcdReply<Wire.LeaseTimeToLiveResponse>.Silence silence => silence.Problem,
            _ => throw new InvalidOperationException($"Unknown reply {reply}."),
        };
    }

    /// <summary>The one that is there, or is being asked for: all who need it wait for one asking.</summary>
    private Task<Outcome<Lease>> Current()
    {
        lock (gate)
        {
            var usable = granted is not null
                && (!granted.IsCompleted || granted is { IsCompletedSuccessfully: true, Result.IsOk: true })
                && time.GetElapsedTime(asked) < StoreLimits.RequestMemory;
            if (usable) return granted!;
            asked = time.GetTimestamp();
            return granted = GrantAsync(members, NewLeaseId(), StoreLimits.RequestMemory * 2, closing);
        }
    }
}
