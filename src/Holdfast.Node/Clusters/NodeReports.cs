using Holdfast.Core.Supervision;
using Holdfast.Node.State;
using Holdfast.Storage;
using Operation = Holdfast.Storage.Operation;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Says in the store what this node's instances are, where others see it. What has not changed is not said again: a cluster in which nothing happens writes
/// nothing. What was said ends with the lease, and is said anew under the next one.
/// </summary>
internal sealed class NodeReports(string node, IStore store, StoreMirror mirror, LeaseKeeper lease, TimeProvider time)
{
    private readonly Dictionary<string, InstanceReport> said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InstanceReport> ready = new(StringComparer.Ordinal);
    private long under;

    /// <summary>The package of a release is here, and its instance is not: it can come at any time.</summary>
    public void Prepared(string service, string instance, int release, string digest, long incarnation) => ready[service] = new()
    {
        Node = node, Service = service, Instance = instance, Release = release, PackageDigest = digest, Incarnation = incarnation, Wanted = RunState.Stopped,
        State = InstanceState.Stopped, Health = Core.Health.HealthState.Unknown, Reason = "stands by", StandsBy = true, Since = ready.TryGetValue(service, out var before) ? before.Since : time.GetUtcNow(),
    };

    /// <summary>What is wanted could not even be tried here.</summary>
    public void Obstructed(string service, string instance, int release, string digest, long incarnation, RunState wanted, string why) => ready[service] = new()
    {
        Node = node, Service = service, Instance = instance, Release = release, PackageDigest = digest, Incarnation = incarnation, Wanted = wanted,
        State = InstanceState.Failed, Health = Core.Health.HealthState.Unknown, Reason = why, Since = ready.TryGetValue(service, out var before) && before.Reason == why ? before.Since : time.GetUtcNow(),
    };

    public void Withdraw(string service) => ready.Remove(service);

    /// <summary>Only the reconciler calls it, one call at a time.</summary>
    /// <returns>False: the store did not take it, and it is to be said again.</returns>
    public async Task<bool> TellAsync(IReadOnlyList<InstanceStatus> seen, CancellationToken cancel)
    {
        if (lease.Lease is not { } now) return true;
        if (now != under && !await BeginAsync(now, cancel)) return false;
        var reports = seen.Where(status => status.Instance != EtcdMember.Instance).Select(status => InstanceReport.Of(node, status)).DistinctBy(report => report.Service).ToDictionary(report => report.Service, StringComparer.Ordinal);
        foreach (var (service, report) in ready.Where(pair => mirror.Now.Services.Find(pair.Key) is not null))
        {
            if (!reports.TryGetValue(service, out var own) || (report.State == InstanceState.Failed && own.State == InstanceState.Stopped)) reports[service] = report;
        }

        var changes = reports.Where(pair => !said.TryGetValue(pair.Key, out var before) || before != pair.Value).Select(pair => (Operation)new Operation.Put(
                StateKeys.Report(node, pair.Key), StateJson.Write(pair.Value, StateJson.Default.DocumentInstanceReport), now))
            .Concat(said.Keys.Where(service => !reports.ContainsKey(service)).Select(service => new Operation.Delete(StateKeys.Report(node, service))))
            .ToList();
        foreach (var some in changes.Chunk(StoreLimits.Steps))
        {
            // The lease may be gone, or the store away: the next look says it again.
            if (await store.CommitAsync(new() { Then = some }, cancel) is not CommitResult.Decided) return false;
        }

        said.Clear();
        foreach (var (service, report) in reports) said[service] = report;
        return true;
    }

    /// <summary>
    /// An agent that is back under the same lease finds what was said before it. What an earlier lease says, which may not have ended yet, ends with that one, and does not count.
    /// </summary>
    /// <returns>False: the store did not say what is there.</returns>
    private async Task<bool> BeginAsync(long now, CancellationToken cancel)
    {
        var there = await store.RangeAsync(new(KeyRange.Prefix(StateKeys.Report(node, ""))), cancel);
        if (!there.TryGet(out var read)) return false;
        said.Clear();
        under = now;
        foreach (var item in read.Items.Where(item => item.Lease == now))
        {
            if (StateReader.Read(item, StateJson.Default.DocumentInstanceReport).TryGet(out var report)) said[report.Value.Service] = report.Value;
        }

        return true;
    }
}
