using System.CommandLine;
using Holdfast.Cli.Api;

namespace Holdfast.Cli.Commands;

/// <summary>All commands, in the order of the help.</summary>
internal static class Root
{
    public static readonly Option<string?> HomeOption = new("--home")
    {
        Description = "The node's folder (default: HOLDFAST_HOME, or the account's own)",
        HelpName = "FOLDER",
        Recursive = true,
    };

    public static readonly Option<string?> ServerOption = new("--server")
    {
        Description = $"The node to speak to, across the network (default: {RemoteNode.ServerVariable}, or this machine's own)",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    public static readonly Option<string?> IdentityOption = new("--identity")
    {
        Description = $"What to show it: a file of `holdfast certs issue` (default: {RemoteNode.IdentityVariable})",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly (string Name, Func<CliContext, Command> Create)[] Commands =
    [
        ("ps", cli => new PsCommand(cli)),
        ("status", cli => new StatusCommand(cli)),
        ("top", cli => new TopCommand(cli)),
        ("logs", cli => new LogsCommand(cli)),
        ("attach", cli => new AttachCommand(cli)),
        ("events", cli => new EventsCommand(cli)),
        ("history", cli => new HistoryCommand(cli)),
        ("deploy", cli => new DeployCommand(cli)),
        ("rollback", cli => new RollbackCommand(cli)),
        ("start", cli => new StartCommand(cli)),
        ("stop", cli => new StopCommand(cli)),
        ("restart", cli => new RestartCommand(cli)),
        ("reload", cli => new ReloadCommand(cli)),
        ("signal", cli => new SignalCommand(cli)),
        ("remove", cli => new RemoveCommand(cli)),
        ("init", cli => new InitCommand(cli)),
        ("validate", cli => new ValidateCommand(cli)),
        ("explain", cli => new ExplainCommand(cli)),
        ("toolchain", cli => new CommandGroup(
            "toolchain",
            "Compilers: several versions of Go side by side",
            new ToolchainListCommand(cli),
            new ToolchainInstallCommand(cli),
            new ToolchainUseCommand(cli),
            new ToolchainRemoveCommand(cli),
            new ToolchainVerifyCommand(cli),
            new ToolchainWhichCommand(cli))),
        ("env", cli => new EnvCommand(cli)),
        ("pack", cli => new PackCommand(cli)),
        ("inspect", cli => new InspectCommand(cli)),
        ("sign", cli => new SignCommand(cli)),
        ("verify", cli => new VerifyCommand(cli)),
        ("diff", cli => new DiffCommand(cli)),
        ("acl", cli => new CommandGroup("acl", "Rights on the files of a service", new AclShowCommand(cli), new AclCheckCommand(cli), new AclApplyCommand(cli))),
        ("keys", cli => new CommandGroup("keys", "Keys for signing", new KeysInitCommand(cli))),
        ("certs", cli => new CommandGroup(
            "certs",
            "Certificates for the API across the network",
            new CertsInitCommand(cli),
            new CertsIssueCommand(cli),
            new CertsRequestCommand(cli),
            new CertsRenewCommand(cli),
            new CertsRevokeCommand(cli),
            new CertsListCommand(cli))),
        ("cluster", cli => new CommandGroup(
            "cluster",
            "Several nodes that share a store on etcd",
            new ClusterInitCommand(cli),
            new ClusterTokenCommand(cli),
            new ClusterJoinCommand(cli),
            new ClusterBackupCommand(cli),
            new ClusterRestoreCommand(cli),
            new ClusterCheckCommand(cli),
            new ClusterPauseCommand(cli, pause: true),
            new ClusterPauseCommand(cli, pause: false),
            new CommandGroup("member", "Members of the etcd that nodes of the cluster run", new MemberAddCommand(cli), new MemberTakeCommand(cli), new MemberListCommand(cli), new MemberRemoveCommand(cli)))),
        ("witness", cli => new WitnessCommand(cli)),
        ("store", cli => new CommandGroup("store", "The store of this node", new StoreMigrateCommand(cli))),
        ("ledger", cli => new LedgerCommand(cli)),
        ("dead-letter", cli => new CommandGroup("dead-letter", "Events that receivers refused for good", new DeadLetterListCommand(cli), new DeadLetterShowCommand(cli), new DeadLetterRetryCommand(cli))),
        ("relay", cli => new RelayCommand(cli)),
        ("audit", cli => new CommandGroup(
            "audit",
            "The record of changes",
            new AuditListCommand(cli),
            new AuditAppendCommand(cli),
            new AuditVerifyCommand(cli),
            new AuditExportCommand(cli),
            new AuditProveCommand(cli),
            new AuditKeyCommand(cli),
            new CommandGroup("hold", "Legal holds: while there is one, no entry leaves the record", new AuditHoldCommand(cli, release: false), new AuditHoldCommand(cli, release: true), new AuditHoldsCommand(cli)))),
        ("backup", cli => new BackupCommand(cli)),
        ("restore", cli => new RestoreCommand(cli)),
        ("service", cli => new CommandGroup(
            "service",
            "Services of the service manager: systemd's units",
            new ServiceInstallCommand(cli),
            new ServiceImportCommand(cli),
            new ServiceListCommand(cli),
            new ServiceStatusCommand(cli),
            new ServiceControlCommand(cli, "start", "Start a service; returns when it is ready"),
            new ServiceControlCommand(cli, "stop", "Stop a service; returns when nothing of it runs any more"),
            new ServiceControlCommand(cli, "restart", "Stop a service, then start it"),
            new ServiceControlCommand(cli, "pause", "Pause a service, as its spec says (windows.pause); returns when it is paused"),
            new ServiceControlCommand(cli, "continue", "Let a paused service go on"),
            new ServiceEditCommand(cli),
            new ServiceTrustCommand(cli),
            new ServiceRemoveCommand(cli),
            new ServiceExportCommand(cli),
            new ServiceUnexportCommand(cli))),
        ("nodes", cli => new NodesCommand(cli)),
        ("node", cli => new NodeCommand(cli)
        {
            Subcommands =
            {
                new NodeOrderCommand(cli, "drain", "Let what is on a node go elsewhere, and nothing come to it"),
                new NodeOrderCommand(cli, "resume", "End a node's drain or quarantine"),
                new NodeOrderCommand(cli, "quarantine", "The same as drain, for a node that is not trusted"),
                new NodeFenceCommand(cli),
                new NodeHandoverCommand(cli),
            },
        }),
        ("leader", cli => new LeaderCommand(cli)),
        ("switchover", cli => new SwitchoverCommand(cli)),
        ("proof", cli => new ProofCommand(cli)),
        ("incident", cli => new CommandGroup("incident", "What a node decided about leadership, and from what", new IncidentSaveCommand(cli), new IncidentReplayCommand(cli))),
        ("agent", cli => new AgentCommand(cli)),
        ("upgrade", cli => new UpgradeCommand(cli)),
        ("doctor", cli => new DoctorCommand(cli)),
        ("version", cli => new VersionCommand(cli)),
        ("help", cli => new HelpCommand(cli)),
    ];

    public static IEnumerable<string> Names => Commands.Select(command => command.Name);

    /// <summary>
    /// The commands that these arguments can mean: the one they name, else all. Making thirty commands to run one
    /// is a noticeable part of what <c>ps</c> takes.
    /// </summary>
    public static RootCommand For(string[] arguments, CliContext cli)
    {
        var root = new RootCommand("Holdfast runs services: signed, supervised, audited.") { HomeOption, ServerOption, IdentityOption };
        var named = arguments.Length == 0 ? -1 : Array.FindIndex(Commands, command => command.Name == arguments[0]);
        if (named >= 0) root.Subcommands.Add(Commands[named].Create(cli));
        else foreach (var (_, create) in Commands) root.Subcommands.Add(create(cli));
        return root;
    }
}
