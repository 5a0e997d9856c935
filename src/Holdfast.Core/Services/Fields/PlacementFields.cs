using Holdfast.Core.Leadership;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

/// <summary>The words are those of failover clusters where there are some: preferred and possible owners, failback.</summary>
internal static class PlacementFields
{
    private static readonly TextShape Node = new("node") { Pattern = Names.NodePattern, Check = Names.Node.Check };

    private static readonly TextShape Service = new("name") { Pattern = Names.ServicePattern, Check = Names.Service.Check };

    private static readonly TextShape Label = new("label") { Pattern = Names.Label.Pattern, Check = Names.Label.Check };

    private static readonly ListShape<string> Services = new("list of services", Service);

    private static readonly TextShape Port = new("port name or number") { Most = 32 };

    private static readonly GroupShape<PromoteHttp> Http = new("PromoteHttp", new PromoteHttp("", ""),
        new Field<PromoteHttp, string>("port", Port, p => p.Port.Length == 0 ? null : p.Port, (p, v) => p with { Port = v },
            "One of the service's ports, by its name or number.") { Required = true, Example = "admin" },
        new Field<PromoteHttp, string>("path", HealthFields.UrlPath, p => p.Path.Length == 0 ? null : p.Path, (p, v) => p with { Path = v },
            "What is posted to; a status of 200 to 299 is done.") { Required = true, Example = "/promote", Synonyms = ["url", "uri"] });

    private static readonly GroupShape<PromoteSpec> Promote = new("Promote", new PromoteSpec(),
        new Field<PromoteSpec, HookSpec>("hook", HookFields.Shape, p => p.Hook, (p, v) => p with { Hook = v },
            "A command; exit code 0 is done.") { Example = "{command: [bin/ctl, promote]}" },
        new Field<PromoteSpec, string>("signal", Signals.Shape, p => p.Signal, (p, v) => p with { Signal = v },
            "A signal; nothing is waited for.") { Example = "USR1" },
        new Field<PromoteSpec, PromoteHttp>("http", Http, p => p.Http, (p, v) => p with { Http = v },
            "A request to the service.") { Example = "{port: admin, path: /promote}" },
        new Field<PromoteSpec, TimeSpan>("timeout", new DurationShape(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)), p => p.Timeout, (p, v) => p with { Timeout = v },
            "A request that takes longer has failed; a hook has a time-out of its own.") { Example = "2s" });

    private static readonly GroupShape<FailoverBudget> Failover = new("FailoverBudget", FailoverBudget.Default,
        new Field<FailoverBudget, int>("most", new NumberShape(1, 100), f => f.Most, (f, v) => f with { Most = v },
            "Maximum failures in the specified period: after so many failovers within `within` nobody takes over by itself; somebody must look.") { Example = "3", Synonyms = ["max", "attempts", "threshold"] },
        new Field<FailoverBudget, TimeSpan>("within", new DurationShape(TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)), f => f.Within, (f, v) => f with { Within = v },
            "Period: the time in which they are counted.") { Example = "6h", Synonyms = ["window", "period"] });

    private static readonly GroupShape<FailbackSpec> Hours = new("FailbackHours", new FailbackSpec(FailbackMode.Between),
        new Field<FailbackSpec, TimeOnly>("from", new TimeShape(), f => f.From, (f, v) => f with { From = v },
            "When these hours begin, by the leader's local time.") { Required = true, Example = "\"22:00\"", Synonyms = ["between", "begin", "start"] },
        new Field<FailbackSpec, TimeOnly>("to", new TimeShape(), f => f.To, (f, v) => f with { To = v },
            "When they are over; before `from` where they go over midnight.") { Required = true, Example = "\"04:00\"", Synonyms = ["and", "end", "until"] });

    private static readonly ChoiceShape<FailbackMode> FailbackWord = new(
        ("manual", FailbackMode.Manual, "Prevent failback."),
        ("immediate", FailbackMode.Immediate, "Allow failback: immediately."));

    public static GroupShape<PlacementSpec> Shape { get; } = new("Placement", new PlacementSpec(),
        new Field<PlacementSpec, PlacementMode>("mode", new ChoiceShape<PlacementMode>(
                ("replicas", PlacementMode.Replicas, "On as many nodes as `replicas` says, at most one instance on a node."),
                ("everywhere", PlacementMode.Everywhere, "On every node that may have it."),
                ("active-standby", PlacementMode.ActiveStandby, "On one node, which leads; the others stand by. At most one acts.")),
            p => p.Mode, (p, v) => p with { Mode = v }, "How many nodes it runs on at once.") { Example = "active-standby", Synonyms = ["type", "kind"] },
        new Field<PlacementSpec, int>("replicas", new NumberShape(1, 1000), p => p.Replicas, (p, v) => p with { Replicas = v },
            "So many instances, at most one on a node. Only with mode replicas.") { Example = "3", Synonyms = ["instances", "count", "number", "scale"] },
        new Field<PlacementSpec, IReadOnlyList<string>>("preferred", new ListShape<string>("list of nodes", Node), p => p.Preferred, (p, v) => p with { Preferred = v },
            "Preferred owners: the nodes that it is rather on, the best first. Not with mode everywhere.") { Example = "[node-1, node-2]", Synonyms = ["preferredOwners", "priority", "affinity"] },
        new Field<PlacementSpec, IReadOnlyList<string>>("possible", new ListShape<string>("list of nodes", Node) { Least = 1 }, p => p.Possible, (p, v) => p with { Possible = v },
            "Possible owners: the only nodes that it may be on.") { Example = "[node-1, node-2, node-3]", DefaultWords = "every node", Synonyms = ["possibleOwners", "nodes", "owners", "only"] },
        new Field<PlacementSpec, IReadOnlyDictionary<string, string>>("labels", new MapShape<string>("mapping of a label to its text", Names.Label, new TextShape { Least = 0, Most = 256 }), p => p.Labels, (p, v) => p with { Labels = v },
            "It is only on nodes that have all of these labels.") { Example = "{zone: a}", DefaultWords = "every node", Synonyms = ["nodeSelector", "constraints", "selector"] },
        new Field<PlacementSpec, IReadOnlyList<string>>("avoid", Services, p => p.Avoid, (p, v) => p with { Avoid = v },
            "Services that it is rather not on one node with, in either direction (AntiAffinityClassNames). Not with mode everywhere.") { Example = "[reports]", Synonyms = ["apart", "antiAffinity", "antiAffinityClassNames"] },
        new Field<PlacementSpec, IReadOnlyList<string>>("neverWith", Services, p => p.NeverWith, (p, v) => p with { NeverWith = v },
            "Services that it is never on one node with, in either direction, even if it then runs nowhere (ClusterEnforcedAntiAffinity).") { Example = "[batch]", Synonyms = ["never", "notWith", "enforcedAntiAffinity", "exclude"] },
        new Field<PlacementSpec, string>("spread", Label, p => p.Spread, (p, v) => p with { Spread = v },
            "The label of nodes over whose values replicas are spread. Only with mode replicas.") { Example = "zone", DefaultWords = "no label", Synonyms = ["topologyKey", "faultDomain", "topology"] },
        new Field<PlacementSpec, TimeSpan>("moveAfter", new DurationShape(TimeSpan.Zero, TimeSpan.FromDays(30)), p => p.MoveAfter, (p, v) => p with { MoveAfter = v },
            "A node that has been lost for so long gives its replica to another; one that is back before keeps it. Only with mode replicas.") { Example = "5m", Synonyms = ["rescheduleAfter"] },
        new Field<PlacementSpec, Standby>("standby", new ChoiceShape<Standby>(
                ("cold", Standby.Cold, "Its package may have to come first."),
                ("warm", Standby.Warm, "Its package is there and checked."),
                ("hot", Standby.Hot, "It runs, and is promoted when it leads: see promote.")),
            p => p.Standby, (p, v) => p with { Standby = v }, "How a node that does not lead stands by. Only with mode active-standby.") { Example = "cold" },
        new Field<PlacementSpec, PromoteSpec>("promote", Promote, p => p.Promote, (p, v) => p with { Promote = v },
            "How a hot standby is told that it leads: a hook, a signal or a request. Only with standby hot.") { Example = "{signal: USR1}", Synonyms = ["promotion"] },
        new Field<PlacementSpec, StoreLossPolicy>("onStoreLoss", new ChoiceShape<StoreLossPolicy>(
                ("stop", StoreLossPolicy.Stop, "It stops when its lease's deadline comes."),
                ("hold-if-all-peers-agree", StoreLossPolicy.HoldIfAllPeersAgree, "It goes on as long as every other node says that it does not lead. Kept only where every node that may lead knows how (docs/leadership.md).")),
            p => p.OnStoreLoss, (p, v) => p with { OnStoreLoss = v }, "What a leader does when the store is away, so that it cannot prove any more that it leads. Only with mode active-standby.") { Example = "stop", Synonyms = ["onQuorumLoss", "storeLoss"] },
        new Field<PlacementSpec, FailoverBudget>("failover", Failover, p => p.Failover, (p, v) => p with { Failover = v },
            "How often it may fail over by itself before somebody must look. Only with mode active-standby.") { Example = "{most: 3, within: 6h}", Synonyms = ["failoverThreshold", "budget"] },
        new Field<PlacementSpec, FailbackSpec>("failback", new ShorthandShape<FailbackMode, FailbackSpec>(
                FailbackWord, mode => new(mode), Hours, failback => failback.Mode == FailbackMode.Between ? null : failback.Mode),
            p => p.Failback, (p, v) => p with { Failback = v },
            "When it goes back to a better preferred owner that is fit again. manual: never by itself (Prevent failback); immediate: when that node has been fit for 30s; from and to: "
            + "the same, between these hours. Only with mode active-standby.") { Example = "{from: \"22:00\", to: \"04:00\"}", DefaultWords = "manual" });
}
