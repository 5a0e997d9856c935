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

    /// <summary>Each try is in the record: what nobody has is asked for less and less often.</summary>
    private readonly Dictionary<(string Digest, string Values), (DateTimeOffset At, TimeSpan Pause)> notBefore = [];

    /// <summary>Called when one has come, or cannot be had.</summary>
    public Action Woken { get; set; } = () => { };

    /// <summary>For those that come; cancelled with the agent.</summary>
    public CancellationToken Ending { get; set; }

    public TimeSpan? Look(ServiceRecord service, Outcome<ReleaseRecord> release, ServiceShare share)
    {
        if (service.Removing) reports.Withdraw(service.Name);
        if (!release.TryGet(out var wanted) || service.Removing) return null;
        var what = (wanted.PackageDigest, wanted.Values);
        if (here.Contains(what)) return Here(service, wanted, share);
        if (notBefore.TryGetValue(what, out var pause) && time.GetUtcNow() is var now && now < pause.At) return pause.At - now;
        var task = coming.GetOrAdd(what, _ => BringAsync(wanted));
        if (!task.IsCompleted) return Again;
        coming.TryRemove(what, out _);
        var came = task.Result;
        if (came.IsOk)
        {
            notBefore.Remove(what);
            here.Add(what);
            return Here(service, wanted, share);
        }

        // Whoever has it may be away, and nothing is wrong with what is wanted.
        if (came.Problems[0].Kind == ProblemKind.Unavailable)
        {
            Log.NotFetched(log, service.Name, string.Join("; ", came.Problems));
            var wait = notBefore.TryGetValue(what, out var before) && before.Pause * 2 is var longer && longer < LongestPause ? longer : before.Pause == TimeSpan.Zero ? Again : LongestPause;
            notBefore[what] = (time.GetUtcNow() + wait, wait);
            return wait;
        }

        Obstructed(service, release, came.Problems[0]);
        return null;
    }

    public void NotHere(ServiceRecord service) => reports.Withdraw(service.Name);

    public void Obstructed(ServiceRecord service, Outcome<ReleaseRecord> release, Problem problem)
    {
        if (release.TryGet(out var wanted)) reports.Obstructed(service.Name, service.Instance, wanted.Number, wanted.PackageDigest, service.Incarnation, service.Run, problem.ToString());
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
                var fetched = await fetching.FetchAsync(release.PackageDigest, Peers(), Ending);
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

    /// <summary>All other nodes that are there.</summary>
    private List<PeerAddress> Peers()
    {
        var image = mirror.Now;
        return [.. image.Nodes.Documents.Values.Select(n => n.Value)
            .Where(n => n.Name != node && n.Address.Length > 0 && image.Presences.Find(n.Name) is not null)
            .OrderBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => new PeerAddress(n.Name, n.Address))];
    }
}
