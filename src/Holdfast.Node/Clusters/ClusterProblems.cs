using Holdfast.Core.Problems;

namespace Holdfast.Node.Clusters;

/// <summary>What can be said of clusters, nodes and leaders to who asks for a change.</summary>
internal static class ClusterProblems
{
    public static Problem None { get; } = new(ProblemKind.NotFound, "cluster.none", "This node belongs to no cluster.")
    {
        Mend = "begin one with `holdfast cluster init`, or join one with `holdfast cluster join`",
    };

    public static Problem NoNode(string node, IEnumerable<string> known) => new(ProblemKind.NotFound, "cluster.no-node", $"There is no node {node} in this cluster.")
    {
        Mend = $"it has {string.Join(", ", known.Order(StringComparer.Ordinal))}",
    };

    public static Problem NotLed(string service) => new(ProblemKind.Refused, "leader.not-led", $"{service} has no leader: it is not active-standby.")
    {
        Mend = "`placement: {mode: active-standby}` in its spec makes it so",
    };

    public static Problem NoService(string service) => new(ProblemKind.NotFound, "service.unknown", $"There is no service {service}.") { Mend = "`holdfast ps` shows those there are" };

    public static Problem NoEpochs(string service) => new(ProblemKind.NotFound, "proof.no-epochs", $"No epoch of {service} was ever given.") { Mend = "only services that are active-standby have epochs" };

    public static Problem NobodyLeads(string service) => new(ProblemKind.Conflict, "switchover.no-leader", $"Nobody leads {service} now: there is nothing to hand over.")
    {
        Mend = $"`holdfast leader {service}` says why each node does not",
    };

    public static Problem LeadsAlready(string service, string node) => new(ProblemKind.Conflict, "switchover.leads", $"{node} leads {service} already.");

    public static Problem CannotLead(string service, string node, string why) => new(ProblemKind.Refused, "switchover.cannot-lead", $"{node} cannot lead {service}: {why}.")
    {
        Mend = $"`holdfast leader {service}` shows who can",
    };

    public static Problem NoOther(string service) => new(ProblemKind.Refused, "switchover.no-other", $"No other node can lead {service} now.") { Mend = $"`holdfast leader {service}` says why each does not" };

    public static Problem NotMoved(string service, string to, string why) => new(ProblemKind.Failed, "switchover.failed", $"{service} was not moved to {to}: {why}.");

    public static Problem BadTime(DateTimeOffset due, TimeSpan farthest) => new(ProblemKind.BadInput, "switchover.time", $"{due.UtcDateTime:u} is over, or further away than {farthest.TotalDays:0} days.")
    {
        Mend = "name a time to come, with its zone: 2026-12-01T02:00+01:00",
    };

    public static Problem NothingPlanned(string service) => new(ProblemKind.NotFound, "switchover.none-planned", $"No switchover of {service} is planned.") { Mend = $"`holdfast leader {service}` shows what is" };

    public static Problem Missed(string service, DateTimeOffset due) => new(ProblemKind.Failed, "switchover.missed", $"The switchover of {service} at {due.UtcDateTime:u} was not begun in time.")
    {
        Why = "no node of the cluster was there to begin it, or another switchover was under way",
        Mend = "plan it anew",
    };

    public static Problem Overtaken(string what) => new(ProblemKind.Conflict, "cluster.overtaken", $"{what} was changed by somebody else at the same moment.") { Mend = "look again, and ask again" };

    public static Problem BadOrder(string order) => new(ProblemKind.BadInput, "node.order", $"'{order}' is nothing that can be wanted of a node.") { Mend = "drain, resume or quarantine" };

    public static Problem Elsewhere(string service, string node, string address) => new(ProblemKind.Refused, "service.elsewhere", $"{service} is on {node}, not here.")
    {
        Mend = address.Length > 0 ? $"ask that node: --server {address}" : "ask that node",
    };
}
