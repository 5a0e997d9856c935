using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Platform;
using Holdfast.Storage;
using Microsoft.Extensions.Logging;
using Operation = Holdfast.Storage.Operation;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Lets a revocation count on every node: the node that has the authority keeps in the store which certificates are revoked, and the others keep that beside their own
/// certificate, so that it counts without the store, too.
/// </summary>
internal sealed class RevocationSharing(Home home, IStore store, StoreMirror mirror, ChangeRecord record, TimeProvider time, ILogger log)
{
    /// <summary>In the record: the agent does it by itself.</summary>
    private const string Actor = "holdfast agent", Act = "certs.revoke";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly CertificateAuthority authority = new(home, time);
    private readonly ForeignRevocations foreign = new(home, time);
    private readonly FileInfo register = new(new PkiFiles(home).Register);
    private string told = "";

    /// <summary>What the last look found, and left as it should be: while it is the same nothing is read.</summary>
    private (long Shared, DateTime Written, long Bytes) settled;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var done = await LookAsync(cancel);
            var trouble = string.Join("; ", done.Problems);
            if (trouble.Length > 0 && trouble != told) Log.RevocationsNotShared(log, trouble);
            told = trouble;
            await Task.Delay(LookEvery, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look.</summary>
    internal async Task<Outcome<Done>> LookAsync(CancellationToken cancel)
    {
        var image = mirror.Now;
        if (image.Revision == 0) return Outcome.Done;
        var shared = image.Revocations.Find("");
        var now = Seen(shared);
        if (now == settled) return Outcome.Done;
        var looked = authority.IsHere ? await TellAsync(shared, cancel) : await TakeAsync(shared?.Value.Certificates ?? [], cancel);
        if (!looked.TryGet(out var changed)) return Outcome.Failed<Done>(looked.Problems);
        // What was changed is looked at once more: its answer may have been lost.
        if (!changed) settled = now;
        return Outcome.Done;
    }

    private (long Shared, DateTime Written, long Bytes) Seen(Versioned<RevocationsDocument>? shared)
    {
        register.Refresh();
        return (shared?.Revision ?? -1, register.LastWriteTimeUtc, register.Exists ? register.Length : -1);
    }

    /// <returns>Whether there was something to tell.</returns>
    private async Task<Outcome<bool>> TellAsync(Versioned<RevocationsDocument>? shared, CancellationToken cancel)
    {
        var known = authority.Register();
        if (!known.TryGet(out var register)) return Outcome.Failed<bool>(known.Problems);
        var now = time.GetUtcNow();
        // Another home may have had the authority: what it revoked stays revoked.
        List<RevokedCertificate> wanted =
        [
            .. register.Issued.Where(one => one.RevokedAt is not null).Select(Of).Concat(shared?.Value.Certificates ?? [])
                .Where(one => one.Until >= now).DistinctBy(one => one.Serial).OrderBy(one => one.At).ThenBy(one => one.Serial, StringComparer.Ordinal),
        ];
        if (wanted.SequenceEqual(shared?.Value.Certificates ?? [])) return false;
        var told = new Transaction
        {
            If = [Compare.Unchanged(StateKeys.Revocations, shared?.Revision ?? 0)],
            Then = [new Operation.Put(StateKeys.Revocations, StateJson.Write(new RevocationsDocument(wanted), StateJson.Default.DocumentRevocationsDocument))],
        };
        return await store.CommitAsync(told, cancel) is CommitResult.Failed failed ? failed.Problem : true;
    }

    /// <returns>Whether there was something to take.</returns>
    private async Task<Outcome<bool>> TakeAsync(IReadOnlyList<RevokedCertificate> shared, CancellationToken cancel)
    {
        if (shared.Count == 0) return false;
        var entries = shared.Select(Entry).OfType<IssuedCertificate>().ToList();
        var unknown = foreign.Unknown(entries);
        if (!unknown.TryGet(out var news)) return Outcome.Failed<bool>(unknown.Problems);
        foreach (var one in news)
        {
            var details = new Dictionary<string, string> { ["serial"] = one.Serial, ["reason"] = one.Reason ?? "" };
            var added = await record.AroundAsync(Actor, Act, one.Peer.ToString(), Guid.NewGuid().ToString("n"), details, () => foreign.AddAsync([one], cancel));
            if (!added.IsOk) return Outcome.Failed<bool>(added.Problems);
        }

        return news.Count > 0;
    }

    private static RevokedCertificate Of(IssuedCertificate one) => new(one.Serial, one.Peer.ToString(), one.From, one.Until, one.RevokedAt!.Value, one.Reason ?? "");

    /// <summary>Null: of a role that this version does not know. Nobody who has it is taken here anyway.</summary>
    private static IssuedCertificate? Entry(RevokedCertificate one) => one.Holder.Split('/') is [var role, var name] && PeerName.Of(role, name).TryGet(out var peer)
        ? new(one.Serial, peer, [], one.From, one.Until) { RevokedAt = one.At, Reason = one.Reason.Length > 0 ? one.Reason : null }
        : null;
}
