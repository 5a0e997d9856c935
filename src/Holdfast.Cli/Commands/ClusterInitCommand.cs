namespace Holdfast.Cli.Commands;

internal sealed class ClusterInitCommand(CliContext cli)
    : ClusterBeginningCommand(cli, "init", "Begin a cluster with this node, in a home without services; no agent may run", "cluster.init", migrate: false);
