using System.Collections.Immutable;
using System.Text.Json;
using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Placement;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Testing.Simulation;

namespace Holdfast.Core.Tests.Incidents;

/// <summary>Decisions to keep, and bundles of them.</summary>
internal static class Decisions
{
    public static DateTimeOffset Noon { get; } = new(2026, 11, 27, 12, 0, 0, 123, 456, TimeSpan.Zero);

    private static readonly Leader leader = new("node-2", 7, 77);

    private static readonly Candidate candidate = new("node-1", 71, 1, Standby.Hot, Ready: true, "it is drained");

    private static readonly LastEpoch last = new(7, "node-2", [Noon, Noon.AddTicks(1)], GivenBack: true) { Peers = ["node-1", "node-2"] };

    private static readonly LeadershipView view = new(57, leader, 56, last, 55, "node-3", Paused: true, [candidate]);

    private static readonly NodeFacts alive = new("node-1", new NodePresence.Alive(), new NodeEligibility.Active())
    {
        Labels = new Dictionary<string, string> { ["zone"] = "a" }, Cpus = 4, MemoryBytes = 1L << 33, OperatingSystem = "linux", Version = "0.2.0",
    };

    /// <summary>One at least of each kind of input, effect, phase and state, with values that none has by itself.</summary>
    public static IEnumerable<Decision> OfEveryKind()
    {
        LeadershipInput[] inputs =
        [
            new LeadershipInput.TimePassed(), new LeadershipInput.Saw(view), new LeadershipInput.LeaseIs(5), new LeadershipInput.LeaseIs(null), new LeadershipInput.Ended(6, "it \"ended\"\n"),
            new LeadershipInput.Held(8, TimeSpan.FromTicks(20)), new LeadershipInput.Attached(8, 72), new LeadershipInput.Promised(new(7, TimeSpan.FromTicks(21))),
            new LeadershipInput.Changed(3, ChangeEnd.Unknown),
        ];
        LeadershipPhase[] phases =
        [
            new LeadershipPhase.Following(), new LeadershipPhase.Taking(8, 71), new LeadershipPhase.Acting(8, 71), new LeadershipPhase.Stopping(8, 71, "node-3"), new LeadershipPhase.Giving(8),
        ];
        LeadershipEffect[] effects =
        [
            new LeadershipEffect.Take(4, 8, 71, 55, last), new LeadershipEffect.HandOver(4, leader, 56, last), new LeadershipEffect.Release(4, 56, last), new LeadershipEffect.Act(8, 71),
            new LeadershipEffect.Stop(8, AtOnce: true, "why"), new LeadershipEffect.Alarm("why"),
        ];
        foreach (var input in inputs) yield return Leadership(input, phases[0], effects);
        foreach (var phase in phases) yield return Leadership(inputs[0], phase, []);
        var terms = LeaseTerms.Of(TimeSpan.FromTicks(30_000_001), TimeSpan.Zero).Value;
        LeaseInput[] heard =
        [
            new LeaseInput.TimePassed(), new LeaseInput.Granted(71, TimeSpan.FromSeconds(3), TimeSpan.FromTicks(1)), new LeaseInput.Renewed(71, TimeSpan.FromTicks(2)),
            new LeaseInput.Unanswered(TimeSpan.FromTicks(3), "no answer"), new LeaseInput.Gone(71), new LeaseInput.TimeDoubted("it jumped"), new LeaseInput.GivenUp("the machine goes down", TimeSpan.FromMinutes(10)),
        ];
        LeaseState[] states =
        [
            new LeaseState.None(TimeSpan.FromTicks(4), 2), new LeaseState.Asked(TimeSpan.FromTicks(5), 3),
            new LeaseState.Held(71, terms, TimeSpan.FromTicks(6), TimeSpan.FromTicks(7), TimeSpan.FromTicks(8), "it is in doubt"),
        ];
        LeaseEffect[] wanted =
        [
            new LeaseEffect.Ask(TimeSpan.FromTicks(9)), new LeaseEffect.Renew(71, TimeSpan.FromTicks(10)), new LeaseEffect.Extend(71, TimeSpan.FromTicks(11), TimeSpan.FromDays(12)),
            new LeaseEffect.HoldBack(71, "why"), new LeaseEffect.Fence(71, "why"), new LeaseEffect.Revoke(71),
        ];
        foreach (var input in heard) yield return new Decision.OfLease(states[2], input, TimeSpan.FromTicks(13), TimeSpan.FromTicks(14), new(states[2], wanted, "why"));
        foreach (var state in states) yield return new Decision.OfLease(state, heard[0], TimeSpan.FromTicks(13), TimeSpan.FromTicks(14), new(state, [], "why"));
        foreach (var hold in Holds(terms)) yield return hold;
        NodeFacts[] nodes =
        [
            alive, alive with { Name = "node-2", Presence = new NodePresence.Lost(Noon), Eligibility = new NodeEligibility.Drained("new disks") },
            alive with { Name = "node-3", Eligibility = new NodeEligibility.Quarantined("it comes and goes") },
        ];
        var spec = new PlacementSpec
        {
            Mode = PlacementMode.ActiveStandby, Replicas = 2, Preferred = ["node-1"], Possible = ["node-1", "node-2"], Labels = new Dictionary<string, string> { ["zone"] = "a" }, Avoid = ["b"],
            NeverWith = ["c"], Spread = "zone", MoveAfter = TimeSpan.FromSeconds(7), Standby = Standby.Cold, OnStoreLoss = StoreLossPolicy.HoldIfAllPeersAgree, Failover = new(2, TimeSpan.FromMinutes(3)),
            Failback = new(FailbackMode.Between, new TimeOnly(1, 2), new TimeOnly(3, 4)),
        };
        yield return new Decision.OfPlacement(
            spec, new(["node-2"]), nodes, [new("b", ["node-1"], ["payments"], ["d"])], new Dictionary<string, int> { ["node-1"] = 3 }, Noon,
            new(new(["node-1"]), "why", new Dictionary<string, string> { ["node-2"] = "it is lost" }) { Joining = ["node-1"], Leaving = ["node-2"], Missing = 1, LookAgainAt = Noon });
    }

    /// <summary>What the nodes of a simulated life with faults would have kept, in the order in which it was decided.</summary>
    public static List<IncidentLine.Decided> Lived(int seed, Breakage breakage = Breakage.None)
    {
        var kept = new List<IncidentLine.Decided>();
        var reasons = new Dictionary<string, string>();
        LeadershipSimulation.Run(seed, breakage, (node, now, decision) =>
        {
            var worth = DecisionWorth.IsKept(decision, reasons.GetValueOrDefault(node));
            if (decision is Decision.OfLeadership leadership) reasons[node] = leadership.Step.Reason;
            if (worth) kept.Add(new(kept.Count + 1, Noon + now, node, decision is Decision.OfLease ? "" : "payments", "0.2.0", decision));
        });
        return kept;
    }

    public static IncidentLine.Decided Line(Decision decision, long number = 1) => new(number, Noon, "node-1", "payments", "0.2.0", decision);

    /// <summary>The bundle's lines, without their newlines.</summary>
    public static List<byte[]> Bundle(IEnumerable<IncidentLine.Decided> decisions, string apiVersion = IncidentLine.Head.V1)
    {
        var writer = new BundleWriter();
        List<byte[]> lines = [writer.Head(new(apiVersion, "node-1", "bank", "0.2.0", Noon, "", null))];
        foreach (var decided in decisions) lines.Add(writer.Decision(JsonSerializer.SerializeToUtf8Bytes(decided, DecisionJson.Default.IncidentLine)));
        lines.Add(writer.End(2, 3));
        return [.. lines.Select(line => line[..^1])];
    }

    public static Outcome<IncidentBundle> Read(IEnumerable<byte[]> lines)
    {
        var reader = new BundleReader("incident.jsonl");
        foreach (var line in lines)
        {
            if (reader.Add(line) is { IsOk: false } refused) return Outcome.Failed<IncidentBundle>(refused.Problems);
        }

        return reader.Finish();
    }

    private static IEnumerable<Decision.OfHold> Holds(LeaseTerms terms)
    {
        HoldInput[] heard =
        [
            new HoldInput.TimePassed(), new HoldInput.Renewed(71, TimeSpan.FromTicks(1)), new HoldInput.Lost(71, "no answer came"), new HoldInput.Saw(view, ["node-1", "node-2"]), new HoldInput.Saw(view, null),
            new HoldInput.Promised("node-1", TimeSpan.FromTicks(2)), new HoldInput.Changed(3, ChangeEnd.Refused), new HoldInput.TimeDoubted("it jumped"),
        ];
        HoldEffect[] wanted =
        [
            new HoldEffect.Name(4, last, 55), new HoldEffect.Name(4, last with { Peers = null }, 55), new HoldEffect.Attach(5, leader, 56, 55), new HoldEffect.Ask(["node-1"], TimeSpan.FromTicks(3)),
            new HoldEffect.Extend(TimeSpan.FromTicks(4), TimeSpan.FromTicks(5)), new HoldEffect.HoldBack("why"), new HoldEffect.Fence("why"),
        ];
        var full = HoldMachine.Begin("node-2", 7, terms, 77, TimeSpan.FromTicks(6)) with
        {
            View = view, Wanted = ["node-2", "node-1"], Named = ["node-1", "node-2"], Maybe = [["node-3"]], Promises = ImmutableDictionary<string, TimeSpan>.Empty.Add("node-1", TimeSpan.FromTicks(7)),
            AskAt = TimeSpan.FromTicks(8), TrustFrom = TimeSpan.FromTicks(9), ToldHardAt = TimeSpan.FromTicks(10), Attempt = 4, Asked = wanted[0], ChangeAgainAt = TimeSpan.FromTicks(11), IsOver = true,
        };
        foreach (var input in heard) yield return new(full, input, TimeSpan.FromTicks(12), new(full, wanted, "why"));
        foreach (var state in new[] { full with { Own = null, IsOver = false }, full with { Own = new(78, TimeSpan.Zero), IsOver = false }, full with { Named = null, IsOver = false } })
            yield return new(state, heard[0], TimeSpan.FromTicks(12), new(state, [], "why"));
    }

    private static Decision.OfLeadership Leadership(LeadershipInput input, LeadershipPhase phase, LeadershipEffect[] effects)
    {
        var before = LeadershipState.Of("node-1") with
        {
            Phase = phase, View = view, Lease = 71, ActedIn = 6, VacantSince = TimeSpan.FromTicks(15), EmptyOf = 5, Won = leader, AskedOf = 54, AskAgainAt = TimeSpan.FromTicks(16), Attempt = 3,
            Promise = new(7, TimeSpan.FromTicks(22)), HeldUntil = TimeSpan.FromTicks(23), Alarmed = true, Budget = new(4, TimeSpan.FromMinutes(17)),
        };
        return new(before, input, TimeSpan.FromTicks(18), Noon.AddTicks(19), new(before with { Attempt = 4 }, effects, "why"));
    }
}
