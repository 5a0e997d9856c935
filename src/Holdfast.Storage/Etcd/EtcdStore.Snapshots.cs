using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Storage.Etcd;

public sealed partial class EtcdStore
{
    /// <summary>
    /// Takes a snapshot of the whole etcd, as its tools restore it, from whatever member answers. It is checked against the digest that etcd puts at its end:
    /// what was written before a problem is no snapshot. Problems: <c>store.snapshot</c>, those of a call.
    /// </summary>
    /// <param name="write">Is given the bytes in order.</param>
    public static async Task<Outcome<EtcdSnapshot>> SnapshotAsync(
        EtcdOptions options, Func<ReadOnlyMemory<byte>, CancellationToken, Task> write, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(write);
        using var members = new EtcdMembers(options, time);
        // A member that judges is one that can be believed to be whole; the snapshot is at least as new as this.
        var status = await members.CallAsync((c, o) => c.Maintenance.StatusAsync(new(), o), r => r.Header, cancel);
        if (status is not EtcdReply<Wire.StatusResponse>.Answer { Message: var said }) return ProblemOf(status);
        var member = members.Preferred;
        using var digest = new EtcdSnapshotDigest();
        try
        {
            using var call = member.Connection.Maintenance.Snapshot(new(), member.Options(timeout: null, cancel));
            while (await call.MoveNext(cancel))
            {
                var blob = call.Current!.Blob;
                digest.Append(blob.Span);
                await write(blob.Memory, cancel);
            }
        }
        catch (RpcException e)
        {
            cancel.ThrowIfCancellationRequested();
            return EtcdFailure.Of(e, member.Endpoint).Problem;
        }

        return digest.IsWhole() ? new EtcdSnapshot(digest.Bytes, said.Header.Revision, said.Header.ClusterId, said.Version) : BadSnapshot(member.Endpoint.Authority);
    }

    internal static Problem BadSnapshot(string where) => new(ProblemKind.Failed, "store.snapshot", $"The snapshot of {where} is not whole.")
    {
        Why = "the digest at its end is not that of what is before it",
        Mend = "take another one; if that is so too, look at the member's disk",
    };
}

/// <summary>A snapshot that was taken, whole.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Revision">It holds this revision at least.</param>
/// <param name="EtcdCluster">The id of the etcd.</param>
/// <param name="Version">Of the member.</param>
public sealed record EtcdSnapshot(long Bytes, long Revision, ulong EtcdCluster, string Version);
