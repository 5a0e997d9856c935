namespace Holdfast.Cli.Commands;

internal sealed class StoreMigrateCommand(CliContext cli)
    : ClusterBeginningCommand(cli, "migrate", "Begin a cluster with this node and all that it runs; its own store is kept as store.db.migrated", "store.migrate", migrate: true);
