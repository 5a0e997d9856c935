using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;

namespace Holdfast.Cli.Commands;

/// <summary>What the commands have in common that begin a cluster.</summary>
internal abstract class ClusterBeginningCommand : CliCommand
{
    private readonly ClusterOptions options = new();
    private readonly string action;
    private readonly bool migrate;

    /// <param name="action">In the record.</param>
    protected ClusterBeginningCommand(CliContext cli, string name, string description, string action, bool migrate)
        : base(cli, name, description)
    {
        (this.action, this.migrate) = (action, migrate);
        foreach (var option in options.All) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var order = options.Order(parse, Cli);
        var wanted = order.Check();
        if (!wanted.TryGet(out var file)) return Terminal.Fail(wanted.Problems);
        var details = new Dictionary<string, string> { ["etcd"] = string.Join(' ', file.Etcd), ["lease"] = $"{file.LeaseSeconds} s" };
        if (file.Watchdog is { } watchdog) details["watchdog"] = watchdog;
        var begun = await new RecordedAct(Cli).RunAsync(
            action, $"cluster/{order.Name}", details, () => ClusterBeginning.RunAsync(order, migrate, w => Terminal.Say($"warning: {w}"), Cli.Time, cancel), cancel);
        if (!begun.TryGet(out var cluster)) return Terminal.Fail(begun.Problems);
        Terminal.Line($"cluster    {cluster.Name}");
        Terminal.Line($"node       {cluster.Node}, with a lease of {cluster.LeaseSeconds} s");
        Terminal.Line($"etcd       {string.Join(", ", cluster.Etcd)}");
        if (migrate && cluster.Member is null) Terminal.Line($"before     {Cli.Home.Store}.migrated");
        Terminal.Say(Next(cluster));
        return ExitCode.Ok;
    }

    private string Next(ClusterFile cluster) => cluster.Member is null
        ? "Start the agent (agent start, agent install), and let other nodes join. The store changes while most members of that etcd answer; without them services run on as they are, and no leader takes over."
        : $"""
            The agent starts etcd and {(migrate ? "takes the former store along" : "makes the store")} with its next start (agent start, agent install).
            The store has one vote: when this machine is away, services on other nodes run on as they are, nothing can be changed, and no leader takes over. A second server with a second
            vote makes that worse, not better: then both must be there. Three votes bear the loss of one. Two servers therefore need a witness on a third machine, which only votes:
            holdfast cluster member add --name witness --address HOST
            """;
}
