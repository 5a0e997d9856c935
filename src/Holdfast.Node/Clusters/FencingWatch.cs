using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Storage;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Fences without being asked where this machine's administrator has allowed it (<c>automaticAfter</c>). What is decided is <see cref="FenceMachine"/>'s; here are the leases as the store
/// counts them, and the looking. While nobody else leads, or nothing is allowed, the store is not asked.
/// </summary>
internal sealed class FencingWatch(string node, StoreMirror mirror, NodeFencing fencing, Func<long?> sure, IStore store, TimeProvider time, ILogger<FencingWatch> log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500), Idle = TimeSpan.FromSeconds(5);

    private string told = "";

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await fencing.TidyAsync(cancel);
            var looked = await LookAsync(cancel);
            await Task.Delay(looked ? LookEvery : Idle, time, cancel);
        }
    }

    /// <returns>Whether there is anything to watch.</returns>
    private async Task<bool> LookAsync(CancellationToken cancel)
    {
        if (mirror.Now.Leaders.Documents.Values.All(leader => leader.Value.Node == node)) return false;
        if (!fencing.Rules.TryGet(out var rules) || rules.AutomaticAfter is not { } after) return false;
        if (await AskAsync(rules, after, cancel) is not { } asked) return true;
        var decision = FenceMachine.Decide(asked);
        if (decision is FenceDecision.Fence fence)
        {
            Log.Fences(log, fence.Node, fence.Why);
            var done = await fencing.FenceAsync(fence.Node, fence.Why, new(Guid.NewGuid().ToString("n"), $"node/{node}"), _ => { }).WaitAsync(cancel);
            if (!done.IsOk) Log.NotFenced(log, fence.Node, string.Join("; ", done.Problems));
        }
        else if (decision.Why != told && asked.Nodes.Any(one => one.Node != node && one.IsSilent(after)))
        {
            Log.FencesNobody(log, decision.Why);
        }

        told = decision.Why;
        return true;
    }

    /// <summary>Null: the store does not answer, and nothing is concluded from that.</summary>
    private async Task<FenceQuestion?> AskAsync(FencingRules rules, TimeSpan after, CancellationToken cancel)
    {
        var image = mirror.Now;
        var seen = await Task.WhenAll(image.Presences.Documents.Values.Select(async presence => (presence.Value.Node, Seen: await store.LookAtLeaseAsync(presence.Value.Lease, cancel))));
        // One that has ended meanwhile will be gone from the image.
        if (seen.Any(one => !one.Seen.IsOk && one.Seen.Problems[0].Rule != "store.lease-gone")) return null;
        var known = seen.Where(one => one.Seen.IsOk).ToDictionary(one => one.Node, one => one.Seen.Value, StringComparer.Ordinal);
        var fenced = await new StateReader(store).RangeAsync(KeyRange.Prefix(StateKeys.Fences), StateJson.Default.DocumentFenceDocument, cancel);
        if (!fenced.TryGet(out var fences)) return null;
        return new(node, sure() is not null, after, [.. image.Nodes.Documents.Keys.Select(name => Peer(image, rules, known, fences, name))], time.GetUtcNow());
    }

    private static FencePeer Peer(ClusterImage image, FencingRules rules, Dictionary<string, SeenLease> seen, StateRange<FenceDocument> fences, string name)
    {
        var there = image.Presences.Find(name)?.Value;
        var lease = there is null ? null : seen.GetValueOrDefault(name);
        return new(
            name, there?.Since ?? default, lease is null ? null : lease.Lease.Length - lease.Left, lease?.Lease.Length ?? default, image.Leaders.Documents.Values.Any(leader => leader.Value.Node == name && !MayBeHeld(image, leader.Value.Service)),
            rules.For(name) is not null, fences.Found.Where(one => one.Value.Node == name).Select(one => (DateTimeOffset?)one.Value.At).Max());
    }

    /// <summary>Its leader goes on without the store where its peers let it: that it does not renew its lease is no sign that it is dead.</summary>
    private static bool MayBeHeld(ClusterImage image, string service) => image.Epochs.Find(service)?.Value.Peers is not null;
}
