using System.Globalization;
using Holdfast.Core.Clusters;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Node.Witnessing;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>The validation report: what is, and what it means for the day on which something breaks. It changes nothing.</summary>
internal sealed class ClusterCheck(ClusterParts cluster, NodeFencing fencing, WitnessState witnesses, IStore store, Home home, TimeProvider time)
{
    private const int Looks = 9;

    /// <summary>A reading of the store that takes longer makes failing over slow, and renewals late.</summary>
    private static readonly TimeSpan SlowReading = TimeSpan.FromMilliseconds(50);

    /// <summary>Machines that keep their time by NTP are nearer to each other.</summary>
    private static readonly TimeSpan UsualClocks = TimeSpan.FromSeconds(1);

    private const long FullDisk = 500_000_000;

    public async Task<IReadOnlyList<ClusterFinding>> RunAsync(CancellationToken cancel)
    {
        var image = cluster.Mirror.Now;
        return
        [
            .. await StoreAsync(image, cancel), await LatencyAsync(cancel), .. Versions(image), .. Nodes(image), .. await PeersAsync(image, cancel), .. Documents(image), Lease(), .. FencesOf(image), .. StoreLoss(image), .. await fencing.CheckAsync(cancel), .. witnesses.Findings(image.PeersOf(cluster.File.Node).Count), .. WhatIf(image, time.GetUtcNow()),
        ];
    }

    private async Task<List<ClusterFinding>> StoreAsync(ClusterImage image, CancellationToken cancel)
    {
        var options = ClusterStore.Options(home, cluster.File);
        if (!options.TryGet(out var how)) return [Failed("store", options.Problems[0].What, options.Problems[0].Mend ?? "")];
        List<ClusterFinding> findings = [];
        var members = await EtcdStore.StatusAsync(how, time, cancel);
        var (there, all) = (members.Count(m => m.Problem is null), members.Count);
        var quorum = (all / 2) + 1;
        findings.Add(there < quorum
            ? Failed("store", $"{there} of {all} members of etcd answer: changes are refused, and who leads stops at its deadline", "bring members back")
            : there - 1 < quorum
                ? Warning("store", $"{there} of {all} members of etcd answer: one more lost, and changes are refused and leaders stop", all == 1 ? "run three members (two servers and a witness)" : "bring the missing members back")
                : Ok("store", $"{there} of {all} members of etcd answer: it bears the loss of {there - quorum}"));
        foreach (var member in members)
        {
            if (member.Problem is { } problem)
            {
                findings.Add(Warning("store", $"{member.Endpoint} does not answer: {problem.What}", "see etcd's log there"));
                continue;
            }

            if (!member.HasLeader) findings.Add(Failed("store", $"{member.Endpoint} knows no leader of etcd: it is cut off from the other members", "see the network between them"));
            findings.AddRange(member.Errors.Select(error => Failed("store", $"{member.Endpoint} says: {error}", "see etcd's documentation of the alarm")));
            findings.AddRange(EtcdVersions.Judge(member.Version).Warnings.Select(warning => Warning("versions", $"{member.Endpoint}: {warning}", $"run etcd {EtcdVersions.Advised}")));
        }

        var managed = cluster.File.Member is not null || image.Nodes.Documents.Values.Any(node => node.Value.EtcdMember.Length > 0);
        findings.AddRange(EtcdLeader(managed ? await EtcdLeaderLook.AtAsync(image, how, time, cancel) : await EtcdLeaderLook.AtAsync(image, how, members, time, cancel), managed));
        return findings;
    }

    /// <summary>What the machine with etcd's leader takes with it. Of somebody's own etcd not all is always known, and then nothing is said.</summary>
    /// <param name="isManaged">Nodes run the etcd, and see to it themselves.</param>
    internal static IEnumerable<ClusterFinding> EtcdLeader(EtcdLeaderWorld? world, bool isManaged)
    {
        if (world?.Members.FirstOrDefault(member => member.Id == world.Leader) is not { } leader) yield break;
        // One that is not among the endpoints was not asked, which does not mean that it is away.
        if (!isManaged && (leader.Node is null || world.Members.Any(member => !member.IsHealthy))) yield break;
        var place = EtcdLeaderMachine.Place(world);
        if (world.LedBeside(leader) == 0)
        {
            yield return Ok("store", place.Reason);
            yield break;
        }

        // Measured: bench/results/failover-2026-11-27.md.
        var text = $"{place.Reason}. If that machine is lost, nobody leads them for about 3 s longer than after the loss of another: etcd chooses a leader first, and that one gives every lease its whole time again";
        if (place.MoveTo is { } better && !isManaged) yield return Warning("store", text, $"let another member lead it: `etcdctl move-leader {better.Id:x}`, asked of the one that does");
        else yield return Ok("store", place.MoveTo is null ? text : $"{text}; it moves there by itself");
    }

    private async Task<ClusterFinding> LatencyAsync(CancellationToken cancel)
    {
        List<TimeSpan> took = [];
        for (var i = 0; i < Looks; i++)
        {
            var began = BootClock.SinceBoot;
            var read = await store.RangeAsync(new(KeyRange.Single(StateKeys.Pause)), cancel);
            if (!read.IsOk) return Failed("latency", $"the store cannot be read: {read.Problems[0].What}", "bring its members back");
            took.Add(BootClock.SinceBoot - began);
        }

        took.Sort();
        var (median, longest) = (took[Looks / 2], took[^1]);
        var text = $"a reading of the store takes {Milliseconds(median)} ms (median of {Looks}), {Milliseconds(longest)} ms at the most";
        return median > SlowReading ? Warning("latency", text, "etcd's members want disks of their own and a short way to each other") : Ok("latency", text);
    }

    private static List<ClusterFinding> Versions(ClusterImage image)
    {
        var versions = image.Nodes.Documents.Values.GroupBy(node => node.Value.Version, node => node.Value.Name).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (versions.Count <= 1) return [Ok("versions", $"all nodes have version {versions.FirstOrDefault()?.Key}")];
        return [Warning("versions", $"nodes differ in version: {string.Join("; ", versions.Select(group => $"{group.Key} on {string.Join(", ", group)}"))}", "upgrade the older ones when the newer have proven themselves")];
    }

    private static IEnumerable<ClusterFinding> Nodes(ClusterImage image)
    {
        foreach (var node in image.Nodes.Documents.Values.Select(n => n.Value).OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            if (image.Presences.Find(node.Name) is null) yield return Failed("nodes", $"{node.Name} is away", "see its agent's log");
            else if (image.NodeOrders.Find(node.Name)?.Value is { } order) yield return Warning("nodes", $"{node.Name} takes nothing ({order.By}: {order.Why})", $"holdfast node resume {node.Name}");
            else yield return Ok("nodes", $"{node.Name} is present");
            if (node.Address.Length == 0) yield return Warning("nodes", $"{node.Name} answers no other node: packages do not come from it", "start its agent with --listen");
        }
    }

    /// <summary>The others as this node reaches them, and its own disk.</summary>
    private async Task<IReadOnlyList<ClusterFinding>> PeersAsync(ClusterImage image, CancellationToken cancel)
    {
        var disk = new DriveInfo(home.Path);
        var asked = await Task.WhenAll(image.PeersOf(cluster.File.Node).Select(async peer => (Peer: peer, Said: await PeerFacts.AskAsync(peer, home, time, cancel))));
        return [Disk(cluster.File.Node, disk.TotalSize, disk.AvailableFreeSpace), .. asked.SelectMany(one => Peer(one.Peer, one.Said))];
    }

    /// <summary>What another node's answer means.</summary>
    internal static IEnumerable<ClusterFinding> Peer(PeerAddress peer, Outcome<PeerFacts> said)
    {
        if (!said.TryGet(out var facts))
        {
            yield return Failed("network", $"this node does not reach {peer}: {said.Problems[0].What.TrimEnd('.')}", "see the network between them, its agent's log, and whether its certificate is for that address");
            yield break;
        }

        yield return Ok("network", $"{peer} answers in {Milliseconds(facts.Took)} ms");
        var apart = facts.Clock.Duration();
        var text = $"{peer.Node}'s clock is {Seconds(apart)} s {(facts.Clock < TimeSpan.Zero ? "behind" : "ahead of")} this node's (to {Milliseconds(facts.Took / 2)} ms)";
        // No deadline hangs on it: those are counted on each machine's own clock since boot. Certificates, hours of failback and the order of records do.
        if (apart > JoinRules.ClockTolerance) yield return Failed("clocks", text, "let both machines keep their time by NTP");
        else if (apart > UsualClocks) yield return Warning("clocks", text, "let both machines keep their time by NTP");
        else yield return Ok("clocks", text);
        yield return Disk(peer.Node, facts.DiskBytes, facts.DiskFreeBytes);
    }

    private static ClusterFinding Disk(string node, long bytes, long free)
    {
        var text = $"{node} has {free / 1_000_000_000.0:0.#} of {bytes / 1_000_000_000.0:0.#} GB free where its home is";
        if (free < FullDisk) return Failed("disks", text, "make room: what cannot be written is not begun");
        return free < bytes / 10 ? Warning("disks", text, "make room in time, or give its home a larger disk") : Ok("disks", text);
    }

    private static IEnumerable<ClusterFinding> Documents(ClusterImage image) =>
        image.Damaged.Select(problem => Failed("store", problem.What, problem.Mend ?? ""));

    private ClusterFinding Lease() => cluster.Lease.State switch
    {
        LeaseState.Held { Doubt: { } doubt } => Warning("lease", $"this node's lease is in doubt: {doubt}", "see its agent's log"),
        LeaseState.Held held => Ok("lease", $"this node's lease lasts {Seconds(held.Terms.Length)} s: it stops acting {Seconds(held.Terms.Hard)} s after the last renewal that was answered, and killing may take {Seconds(held.Terms.KillWithin)} s"),
        _ => Failed("lease", "this node has no lease: it can lead nothing", "see its agent's log"),
    };

    /// <summary>What each service has, and each node whose watchdog cannot be had.</summary>
    internal static IEnumerable<ClusterFinding> FencesOf(ClusterImage image)
    {
        foreach (var node in image.Nodes.Documents.Values.Select(n => n.Value).Where(n => n.Watchdog is { Why.Length: > 0 }).OrderBy(n => n.Name, StringComparer.Ordinal))
            yield return Failed("fence", $"{node.Name} leads nothing: its watchdog {node.Watchdog!.Device} cannot be had: {node.Watchdog.Why}", "mend that, or take `watchdog` out of its cluster.json and start its agent again");
        foreach (var placement in image.Placements.Documents.Values.Select(p => p.Value).Where(p => p.IsLed).OrderBy(p => p.Service, StringComparer.Ordinal))
        {
            var fences = Fences.Of(image, placement);
            if (Fence.OfService(fences) is not { } weakest) continue;
            var text = $"{placement.Service}: {weakest.Word}, on {weakest.Node}: {weakest.Why}";
            var better = fences.Where(fence => fence.MayLead && fence.Strength > weakest.Strength).ToList();
            // Whoever has given one node a watchdog means the service to have it, wherever it is led.
            if (better.Count > 0) yield return Warning("fence", $"{text}; on {string.Join(", ", better.Select(fence => $"{fence.Node} {fence.Word}"))}", "give every node that may lead it the same");
            else yield return Ok("fence", text);
        }
    }

    /// <summary>What becomes of each leader when the store is away. A node that does not answer then is one that does not agree.</summary>
    private IEnumerable<ClusterFinding> StoreLoss(ClusterImage image)
    {
        foreach (var placement in image.Placements.Documents.Values.Select(p => p.Value).Where(p => p.IsLed).OrderBy(p => p.Service, StringComparer.Ordinal))
        {
            var leader = image.Leaders.Find(placement.Service)?.Value.Node;
            var words = cluster.OnStoreLoss(placement, leader);
            var missing = placement.Nodes.Where(node => node != leader && (image.Presences.Find(node) is null || image.Nodes.Find(node)?.Value is not { Address.Length: > 0 })).ToList();
            if (words.Length == 0) yield return Ok("store-loss", $"{placement.Service}: it stops at its deadline when the store is away");
            else if (missing.Count > 0) yield return Warning("store-loss", $"{placement.Service}: it would stop at its deadline when the store is away: {string.Join(", ", missing)} would not promise not to lead", "bring them back, or let their agents listen");
            else yield return Ok("store-loss", $"{placement.Service}: {words}");
        }
    }

    /// <summary>Who leads by the ranking of leadership, which knows of more than places; all else by the very decisions about placement.</summary>
    internal static IEnumerable<ClusterFinding> WhatIf(ClusterImage image, DateTimeOffset now)
    {
        foreach (var loss in Core.Placement.WhatIf.EachNodeLost(ClusterWorld.Nodes(image, new Dictionary<string, DateTimeOffset>(), now), ClusterWorld.Services(image), now))
        {
            var node = loss.Node;
            var led = image.Leaders.Documents.Values.Select(l => l.Value).Where(l => l.Node == node).OrderBy(l => l.Service, StringComparer.Ordinal).ToList();
            var placed = loss.Services.Where(one => !led.Exists(leader => leader.Service == one.Service)).ToList();
            List<string> lost = [], moved = [];
            foreach (var leader in led)
            {
                var placement = image.Placements.Find(leader.Service)?.Value;
                var next = placement is null ? null : CandidateRanking.Rank(LeadershipViews.Of(image, image.Services.Find(leader.Service)?.Value, placement, now).Candidates).FirstOrDefault(c => c.Node != node);
                if (next is null) lost.Add(leader.Service);
                else moved.Add($"{leader.Service} to {next.Node}");
            }

            foreach (var one in placed.Where(one => one.HasNowhereToGo)) yield return Warning("what-if", $"without {node}: {one.Says}", "let another node have it");
            if (lost.Count > 0) yield return Warning("what-if", $"without {node}, nobody leads {string.Join(", ", lost)}", "let another node have them");
            else yield return Ok("what-if", moved.Count > 0 ? $"without {node}: {string.Join(", ", moved)}" : $"without {node}, no leader is missing");
            foreach (var one in placed.Where(one => !one.HasNowhereToGo)) yield return Ok("what-if", $"without {node}: {one.Says}");
        }
    }

    private static ClusterFinding Ok(string subject, string what) => new() { Subject = subject, Verdict = "ok", What = what };

    private static ClusterFinding Warning(string subject, string what, string mend) => new() { Subject = subject, Verdict = "warning", What = what, Mend = mend };

    private static ClusterFinding Failed(string subject, string what, string mend) => new() { Subject = subject, Verdict = "failed", What = what, Mend = mend };

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture);
}
