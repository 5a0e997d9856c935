using System.Collections.Concurrent;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Brings the packages of services that are, or may come, to this node: from any node that has them, judged here by this node's own policy (law 1). The reconciler asks in
/// each of its looks, and goes on with other services meanwhile.
/// </summary>
internal sealed class ClusterPackages(
    string node, StoreMirror mirror, PackageStore packages, ReleaseContents contents, HostExecutables hostExecutables, PackageFetching fetching, NodeReports reports, TimeProvider time, ILogger<ClusterPackages> log)
    : IPackageSupply
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2), LongestPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Digest, string Values), Task<Outcome<Done>>> coming = new();
    private readonly HashSet<(string Digest, string Values)> here = [];

    /// <summary>Each try is in the record, and may bring a whole package in vain: what cannot be had is asked for less and less often, until somebody wants it anew.</summary>
    private readonly Dictionary<(string Digest, string Values), Pause> pauses = [];

    /// <summary>Called when one has come, or cannot be had.</summary>
    public Action Woken { get; set; } = () => { };

    /// <summary>For those that come; cancelled with the agent.</summary>
    public CancellationToken Ending { get; set; }

    public TimeSpan? Look(ServiceRecord service, Outcome<ReleaseRecord> release, ServiceShare share)
    {
        if (service.Removing) reports.Withdraw(service.Name);
        if (!release.TryGet(out var wanted) || service.Removing) return null;
        var what = (wanted.PackageDigest, wanted.Values);
        if (here.Contains(what))
        {
            if (packages.Has(wanted.PackageDigest)) return Here(service, wanted, share);
            // No release needed it for a while, and it was removed.
            here.Remove(what);
        }

        var last = pauses.TryGetValue(what, out var pause) && pause.Incarnation == service.Incarnation ? pause : null;
        if (last is not null && last.Length - time.GetElapsedTime(last.Since) is var left && left > TimeSpan.Zero) return Without(service, release, last.Why, left);
        var task = coming.GetOrAdd(what, _ => BringAsync(wanted));
        if (!task.IsCompleted) return Again;
        coming.TryRemove(what, out _);
        var came = task.Result;
        if (came.IsOk)
        {
            pauses.Remove(what);
            here.Add(what);
            return Here(service, wanted, share);
        }

        if (came.Problems[0].Kind == ProblemKind.Unavailable) Log.NotFetched(log, service.Name, string.Join("; ", came.Problems));
        var length = last is null ? Again : last.Length * 2 < LongestPause ? last.Length * 2 : LongestPause;
        pauses[what] = new(time.GetTimestamp(), length, service.Incarnation, came.Problems[0]);
        return Without(service, release, came.Problems[0], length);
    }

    public void NotHere(ServiceRecord service) => reports.Withdraw(service.Name);

    public void Obstructed(ServiceRecord service, Outcome<ReleaseRecord> release, Problem problem)
    {
        if (release.TryGet(out var wanted)) reports.Obstructed(service.Name, service.Instance, wanted.Number, wanted.PackageDigest, service.Incarnation, service.Run, problem.ToString());
    }

    /// <summary>Whoever has it may be away, and nothing is wrong with what is wanted; anything else is said where others see it.</summary>
    private TimeSpan? Without(ServiceRecord service, Outcome<ReleaseRecord> release, Problem why, TimeSpan again)
    {
        if (why.Kind == ProblemKind.Unavailable) return again;
        Obstructed(service, release, why);
        return null;
    }

    private TimeSpan? Here(ServiceRecord service, ReleaseRecord wanted, ServiceShare share)
    {
        if (share.StandsBy) reports.Prepared(service.Name, service.Instance, wanted.Number, wanted.PackageDigest, service.Incarnation);
        else reports.Withdraw(service.Name);
        return null;
    }

    private async Task<Outcome<Done>> BringAsync(ReleaseRecord release)
    {
        // Not in the reconciler's turn.
        await Task.Yield();
        try
        {
            if (!packages.Find(release.PackageDigest).IsOk)
            {
                var fetched = await fetching.FetchAsync(release.PackageDigest, mirror.Now.PeersOf(node), Ending);
                if (!fetched.IsOk) return Outcome.Failed<Done>(fetched.Problems);
                Log.Fetched(log, release.PackageDigest);
            }

            var spec = contents.Spec(release);
            if (!spec.TryGet(out var read)) return Outcome.Failed<Done>(spec.Problems);
            var pinned = await hostExecutables.AdmitAsync(read, Ending);
            return pinned.IsOk ? Outcome.Done : Outcome.Failed<Done>(pinned.Problems);
        }
        catch (OperationCanceledException)
        {
            return new Problem(ProblemKind.Unavailable, "agent.ends", "The agent ends.");
        }
        finally
        {
            Woken();
        }
    }

    /// <summary>It is not tried again before that is over, unless the service is wanted anew.</summary>
    /// <param name="Since">A timestamp: what the wall clock does makes no pause longer.</param>
    /// <param name="Incarnation">Of the service when it was tried.</param>
    private sealed record Pause(long Since, TimeSpan Length, long Incarnation, Problem Why);
}
