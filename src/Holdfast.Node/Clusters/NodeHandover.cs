using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>
/// This machine is about to go down: what leads here is stopped by its own rules and handed over, and when it is proven that nothing leads here the node's lease is given up, so that nobody
/// waits for its end. Nothing of it lasts: it is a word under the node's lease, and an agent that begins anew, or is still there after a while, takes part again.
/// </summary>
internal sealed class NodeHandover(ClusterParts cluster, ChangeRecord record, TimeProvider time)
{
    /// <summary>A machine that has not gone down by then is one that stays.</summary>
    public static readonly TimeSpan Away = TimeSpan.FromMinutes(10);

    /// <summary>Where nobody says how long.</summary>
    public static readonly TimeSpan UsuallyWithin = TimeSpan.FromMinutes(2);

    /// <summary>Somebody who could take over may just be coming.</summary>
    private static readonly TimeSpan StuckFor = TimeSpan.FromSeconds(2), Look = TimeSpan.FromMilliseconds(20);

    private string Node => cluster.File.Node;

    /// <param name="why">For the record, and for who looks at the other nodes.</param>
    /// <param name="goesDown">The machine ends in any case: what cannot be handed over does not make this node one that may be handed to.</param>
    /// <param name="within">Longer is not waited.</param>
    /// <param name="request">Who wants it.</param>
    /// <param name="tell">Told of each step.</param>
    public Task<Outcome<string>> RunAsync(string why, bool goesDown, TimeSpan within, OperationRequest request, Action<string> tell)
    {
        why = why.Length > 0 ? why : goesDown ? "the machine goes down" : $"{request.Actor} wants it so";
        return record.AroundAsync(request.Actor, "node-handover", Node, request.Id, new Dictionary<string, string> { ["reason"] = why }, () => CarryOutAsync(why, goesDown, within, tell));
    }

    private async Task<Outcome<string>> CarryOutAsync(string why, bool goesDown, TimeSpan within, Action<string> tell)
    {
        if (cluster.Lease.Lease is null) return $"{Node} has no lease: nothing leads here";
        cluster.Presence.Leave(why);
        var led = Led(cluster.Mirror.Now);
        tell(led.Count > 0 ? $"{Node} leaves, and hands over {string.Join(", ", led)}" : $"{Node} leaves; it leads nothing");
        var (began, stuck) = (BootClock.SinceBoot, TimeSpan.Zero);
        while (!HasLeft())
        {
            var now = BootClock.SinceBoot;
            if (cluster.Lease.Lease is null) return $"{Node} has lost its lease meanwhile: nothing leads here any more";
            var left = Led(cluster.Mirror.Now);
            if (left.Count == 0 || left.Any(CanGo)) stuck = now;
            else if (stuck == TimeSpan.Zero) stuck = now;
            if (now - began > within || now - stuck > StuckFor)
            {
                if (!goesDown) cluster.Presence.Stay();
                return NotAll(Node, left, now - began > within ? $"after {within.TotalSeconds:0.#} s it has not ended here" : "no other node can lead it now");
            }

            foreach (var gone in led.Except(left)) tell($"{gone}: {cluster.Mirror.Now.Leaders.Find(gone)?.Value.Node ?? "nobody"} leads");
            led = left;
            await Task.Delay(Look, time);
        }

        foreach (var gone in led) tell($"{gone}: {cluster.Mirror.Now.Leaders.Find(gone)?.Value.Node ?? "nobody"} leads");
        var given = await cluster.Lease.GiveUpAsync(Away, why);
        // With its lease the word that it leaves has gone; under the next one it is not said again.
        cluster.Presence.Stay();
        return given.IsOk ? $"nothing leads on {Node} any more, and its lease is given up" : Outcome.Failed<string>(given.Problems);
    }

    /// <summary>Others have been told, nothing leads here, and from now on nothing can.</summary>
    private bool HasLeft()
    {
        var image = cluster.Mirror.Now;
        return image.Presences.Find(Node) is { Value.Leaving.Length: > 0 } && cluster.Leadership.TryLeave();
    }

    private bool CanGo(string service)
    {
        var image = cluster.Mirror.Now;
        return image.Placements.Find(service)?.Value is { } placement
            && CandidateRanking.Rank(LeadershipViews.Of(image, image.Services.Find(service)?.Value, placement, time.GetUtcNow()).Candidates).Any(candidate => candidate.Node != Node);
    }

    private List<string> Led(ClusterImage image) => [.. image.Leaders.Documents.Values.Where(l => l.Value.Node == Node).Select(l => l.Value.Service).Order(StringComparer.Ordinal)];

    private static Problem NotAll(string node, List<string> left, string why) => new(ProblemKind.Failed, "handover.not-all", $"{node} still leads {string.Join(", ", left)}: its lease is not given up.")
    {
        Why = why,
        Mend = $"`holdfast leader {(left.Count > 0 ? left[0] : "SERVICE")}` says why each node does not lead; where this machine goes down, others lead when its lease has ended",
    };
}
