using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

/// <summary>The whole catalogue: every key of a service's spec, in the order of the reference.</summary>
internal static class ServiceFields
{
    private static readonly GroupShape<UserSpec> User = new("User", new UserSpec(""),
        new Field<UserSpec, string>("name", Account, u => u.Name.Length == 0 ? null : u.Name, (u, v) => u with { Name = v },
            "The account, by name or number.") { Required = true, Example = "orders" },
        new Field<UserSpec, string>("group", Account, u => u.Group, (u, v) => u with { Group = v },
            "Its primary group.") { Example = "services", DefaultWords = "the account's own" },
        new Field<UserSpec, IReadOnlyList<string>>("groups", new ListShape<string>("list of groups", Account), u => u.Groups, (u, v) => u with { Groups = v },
            "Its other groups.") { Example = "[ssl-cert]", DefaultWords = "the account's own" });

    private static readonly GroupShape<AfterSpec> After = new("After", new AfterSpec(""),
        new Field<AfterSpec, string>("service", ServiceName, a => a.Service.Length == 0 ? null : a.Service, (a, v) => a with { Service = v },
            "The service that is waited for.") { Required = true, Example = "database", Synonyms = ["name"] },
        new Field<AfterSpec, AfterCondition>("wait", new ChoiceShape<AfterCondition>(
                ("started", AfterCondition.Started, "Its process has started."),
                ("ready", AfterCondition.Ready, "It is ready.")),
            a => a.Wait, (a, v) => a with { Wait = v }, "What must have happened to it.") { Example = "started", Synonyms = ["condition", "until"] });

    private static readonly GroupShape<string> Secret = new("Secret", "",
        new Field<string, string>("file", new TextShape("absolute path") { Check = PathForms.Host }, s => s.Length == 0 ? null : s, (_, v) => v,
            "The file of the host that holds the secret; absolute. It is read at every start.") { Required = true, Example = "/etc/orders/db-password", Synonyms = ["path"] });

    private static readonly GroupShape<FileSpec> File = new("File", new FileSpec(""),
        new Field<FileSpec, string>("path", PackagePath("path or pattern"), f => f.Path.Length == 0 ? null : f.Path, (f, v) => f with { Path = v },
            "A file, or a pattern: * within a folder, ** across folders.") { Required = true, Example = "bin/**" },
        new Field<FileSpec, AccessClass>("access", new ChoiceShape<AccessClass>(
                ("code", AccessClass.Code, "The service reads and executes it, and cannot write it."),
                ("config", AccessClass.Config, "The service reads it, and cannot write it."),
                ("data", AccessClass.Data, "The first content of the instance's own data folder."),
                ("secret", AccessClass.Secret, "Only the service reads it.")),
            f => f.Access, (f, v) => f with { Access = v }, "Who may do what with it.") { Example = "config", Synonyms = ["class", "mode"] });

    public static GroupShape<ServiceSpec> Shape { get; } = new("Service", new ServiceSpec { Name = "", Command = [] },
        new Field<ServiceSpec, string>("apiVersion", new ChoiceShape<string>((SpecWords.ApiVersion, SpecWords.ApiVersion, "The present form.")), _ => null, (s, _) => s,
            "The version of this format.") { Required = true, Example = SpecWords.ApiVersion },
        new Field<ServiceSpec, string>("kind", new ChoiceShape<string>((SpecWords.Service, SpecWords.Service, "A service's spec.")), _ => null, (s, _) => s,
            "What the document is.") { Required = true, Example = SpecWords.Service },
        new Field<ServiceSpec, string>("name", ServiceName, s => s.Name.Length == 0 ? null : s.Name, (s, v) => s with { Name = v },
            "The service's name, unique on the node. 1 to 63 lower-case letters, digits and hyphens; begins with a letter, does not end with a hyphen.") { Required = true, Example = "orders" },
        new Field<ServiceSpec, string>("version", new TextShape("version") { Check = Names.Version.Check }, s => s.Version, (s, v) => s with { Version = v },
            "The package's version, free in form; semantic versions are recommended.") { Example = "1.4.0" },
        new Field<ServiceSpec, string>("description", new TextShape { Most = 500 }, s => s.Description, (s, v) => s with { Description = v },
            "One sentence for people.") { Example = "Takes orders" },
        new Field<ServiceSpec, IReadOnlyDictionary<string, string>>("labels", new MapShape<string>("mapping of a label to its text", Names.Label, new TextShape { Least = 0, Most = 256 }), s => s.Labels, (s, v) => s with { Labels = v },
            "What the service is to be found and grouped by.") { Example = "{team: payments}", Synonyms = ["tags", "annotations"] },
        new Field<ServiceSpec, IReadOnlyList<string>>("command", CommandShape.One, s => s.Command, (s, v) => s with { Command = v },
            "The executable and its arguments, without a shell. A relative executable is a file of the package, an absolute one is a host executable that the trust policy must pin. "
            + "In arguments ${ports.NAME}, ${folders.code}, ${folders.data}, ${folders.secrets}, ${service} and ${instance} are replaced; $${ stands for ${.") { Required = true, Example = "[bin/orders, --verbose]", Synonyms = ["cmd", "exec", "entrypoint", "args", "run", "executable"] },
        new Field<ServiceSpec, IReadOnlyDictionary<string, string>>("environment", new MapShape<string>("mapping of a variable to its text", Names.Environment, new TextShape { Least = 0, Most = 32_768 }), s => s.Environment, (s, v) => s with { Environment = v },
            "Environment variables; ${…} as in the command. Numbers and true need no quotes. Not for secrets: they have their own key.") { Example = "{LOG_LEVEL: info}", Synonyms = ["env", "variables"] },
        new Field<ServiceSpec, string>("workingFolder", new TextShape("path") { Most = 1024, Check = PathForms.Folder }, s => s.WorkingFolder, (s, v) => s with { WorkingFolder = v },
            "Where the service starts: relative to the package's folder (. is that itself), or an absolute path of the host.") { Example = "web", DefaultWords = "the instance's data folder", Synonyms = ["cwd", "workdir", "workingDirectory", "directory"] },
        new Field<ServiceSpec, UserSpec>("user", new ShorthandShape<string, UserSpec>(Account, name => new(name), User, user => user is { Group: null, Groups: null } ? user.Name : null), s => s.User, (s, v) => s with { User = v },
            "The account of the host that the service runs under: its name, or name, group and groups.") { Example = "orders", DefaultWords = "the supervisor's account", Synonyms = ["account", "runAs"] },
        new Field<ServiceSpec, IReadOnlyDictionary<string, GroupRights>>("access", new MapShape<GroupRights>("mapping of a group of the host to its rights", Names.Group, new RightsShape()), s => s.Access, (s, v) => s with { Access = v },
            "Groups of the host that may do something with the service beside its account and the administrators; nobody else may do anything. Nobody is given the right to write. `holdfast acl` judges and sets it.") { Example = "{team-payments: [read, execute]}", DefaultWords = "no group; a program that lies on the host may be read by others", Synonyms = ["acl", "groups", "permissions"] },
        new Field<ServiceSpec, IReadOnlyDictionary<string, int?>>("ports", new MapShape<int?>("mapping of a port's name to its number, or auto", Names.Port, new PortShape()), s => s.Ports, (s, v) => s with { Ports = v },
            "The ports that the service listens on, by name. With auto it is given a free one. The service reads them from HOLDFAST_PORT_NAME, or from ${ports.NAME} in its command.") { Example = "{http: 8080, admin: auto}", Synonyms = ["port", "listen"] },
        new Field<ServiceSpec, StopSpec>("stop", StopFields.Stop, s => s.Stop, (s, v) => s with { Stop = v },
            "How the service is asked to end, and how long it may take.") { Example = "{signal: INT, timeout: 30s}", Synonyms = ["shutdown"] },
        new Field<ServiceSpec, ReloadSpec>("reload", StopFields.Reload, s => s.Reload, (s, v) => s with { Reload = v },
            "How it is made to read its configuration again: a signal or a hook.") { Example = "{signal: HUP}", DefaultWords = "it cannot reload" },
        new Field<ServiceSpec, HooksSpec>("hooks", HookFields.All, s => s.Hooks, (s, v) => s with { Hooks = v },
            "Commands that run around a start and a stop.") { Example = "{preStart: {command: bin/migrate}}", Synonyms = ["lifecycle"] },
        new Field<ServiceSpec, RestartSpec>("restart", RestartFields.Shape, s => s.Restart, (s, v) => s with { Restart = v },
            "What happens when the service ends by itself: when and how often it is started again.") { Example = "{policy: on-failure, attempts: 5}", Synonyms = ["restartPolicy"] },
        new Field<ServiceSpec, HealthSpec>("health", HealthFields.Shape, s => s.Health, (s, v) => s with { Health = v },
            "Probes that ask whether the service has started, lives and is ready.") { Example = "{readiness: {http: {port: http, path: /readyz}}}", Synonyms = ["probes", "healthcheck", "checks"] },
        new Field<ServiceSpec, ReadyWhen>("ready", new ChoiceShape<ReadyWhen>(
                ("probes", ReadyWhen.Probes, "When the startup and readiness probes succeed; without any, when the process has started."),
                ("notify", ReadyWhen.Notify, "When the service says READY=1 (sd_notify), and the readiness probe, if any, succeeds."),
                ("started", ReadyWhen.Started, "When the process has started.")),
            s => s.Ready, (s, v) => s with { Ready = v }, "What makes an instance ready.") { Example = "notify" },
        new Field<ServiceSpec, TimeSpan>("readyDeadline", DurationShape.Positive, s => s.ReadyDeadline, (s, v) => s with { ReadyDeadline = v },
            "Within this time of its start the instance must be ready, else the start has failed.") { Example = "2m", Synonyms = ["startTimeout", "readyTimeout"] },
        new Field<ServiceSpec, TimeSpan>("watchdog", new DurationShape(TimeSpan.FromMilliseconds(100)), s => s.Watchdog, (s, v) => s with { Watchdog = v },
            "Once it is ready, the service must say WATCHDOG=1 (sd_notify) at least this often, else it is restarted.") { Example = "10s", DefaultWords = "no watchdog" },
        new Field<ServiceSpec, LimitsSpec>("limits", LimitFields.Shape, s => s.Limits, (s, v) => s with { Limits = v },
            "How much of the host the service may take.") { Example = "{memory: 512MiB, cpu: 1.5}", Synonyms = ["resources"] },
        new Field<ServiceSpec, PriorityClass>("priority", new ChoiceShape<PriorityClass>(
                ("low", PriorityClass.Low, "Only when nobody else wants to."),
                ("below-normal", PriorityClass.BelowNormal, "After the others."),
                ("normal", PriorityClass.Normal, "As the others."),
                ("above-normal", PriorityClass.AboveNormal, "Before the others; needs the right to it."),
                ("high", PriorityClass.High, "Well before the others; needs the right to it.")),
            s => s.Priority, (s, v) => s with { Priority = v }, "Its share of the processor when there is not enough.") { Example = "low", Synonyms = ["nice"] },
        new Field<ServiceSpec, IReadOnlyList<AfterSpec>>("after", new ListShape<AfterSpec>("list of services", new ShorthandShape<string, AfterSpec>(ServiceName, name => new(name), After, after => after.Wait == AfterCondition.Ready ? after.Service : null)), s => s.After, (s, v) => s with { After = v },
            "Services of this node that are waited for before the start.") { Example = "[database, {service: cache, wait: started}]", Synonyms = ["dependsOn", "depends_on", "requires"] },
        new Field<ServiceSpec, SupervisorKind>("supervisor", new ChoiceShape<SupervisorKind>(
                ("shared", SupervisorKind.Shared, "The node's one, which keeps all services in one small process."),
                ("dedicated", SupervisorKind.Dedicated, "One of its own: what happens to another never touches it, and it can be a unit of the service manager. It costs a process, and `after` does not reach across supervisors.")),
            s => s.Supervisor, (s, v) => s with { Supervisor = v }, "Which supervisor keeps the service.") { Example = "dedicated" },
        new Field<ServiceSpec, PlacementSpec>("placement", PlacementFields.Shape, s => s.Placement, (s, v) => s with { Placement = v },
            "On which nodes of a cluster the service runs, and what happens when one is lost. A node by itself is a cluster of one.") { Example = "{mode: active-standby, preferred: [node-1, node-2]}", Synonyms = ["deployment", "scheduling", "cluster"] },
        new Field<ServiceSpec, WindowsSpec>("windows", WindowsFields.Shape, s => s.Windows, (s, v) => s with { Windows = v },
            "What Windows itself is to know of the service. Other systems ignore it.") { Example = "{nativeService: true, startType: delayed}", DefaultWords = "the node's supervisor keeps it, and Windows knows of that one alone" },
        new Field<ServiceSpec, IReadOnlyDictionary<string, string>>("secrets", new MapShape<string>("mapping of a secret's name to its file", Names.Secret, Secret), s => s.Secrets, (s, v) => s with { Secrets = v },
            "Secrets from files of the host. For NAME the service gets NAME_FILE: the path of a copy that only it may read.") { Example = "{DB_PASSWORD: {file: /etc/orders/db-password}}", Synonyms = ["secret"] },
        new Field<ServiceSpec, StdinAccess>("stdin", new ChoiceShape<StdinAccess>(
                ("closed", StdinAccess.Closed, "The service finds nothing to read: the null device."),
                ("open", StdinAccess.Open, "A pipe that stays open while the process runs; operators write into it with `holdfast attach`. Hooks and probes have none.")),
            s => s.Stdin, (s, v) => s with { Stdin = v }, "Whether operators may write to the service's standard input.") { Example = "open", Synonyms = ["input", "interactive"] },
        new Field<ServiceSpec, OutputSpec>("output", OutputFields.Shape, s => s.Output, (s, v) => s with { Output = v },
            "How stdout and stderr are captured.") { Example = "{encoding: gbk, keep: {age: 180d}}", Synonyms = ["logging", "logs", "log"] },
        new Field<ServiceSpec, AuditSpec>("audit", AuditFields.Shape, s => s.Audit, (s, v) => s with { Audit = v },
            "What the service may write into the node's audit log: records of its own business.") { Example = "{append: true}", DefaultWords = "it may write nothing there", Synonyms = ["records", "auditing"] },
        new Field<ServiceSpec, IReadOnlyList<string>>("open", new ListShape<string>("list of keys", new TextShape("key, as a dotted path")), s => s.Open, (s, v) => s with { Open = v },
            "The keys that values may set, as dotted paths; .* at the end means every key below.") { Example = "[environment.LOG_LEVEL, limits.*]", Synonyms = ["values"] },
        new Field<ServiceSpec, IReadOnlyList<FileSpec>>("files", new ListShape<FileSpec>("list of files", new ShorthandShape<string, FileSpec>(PackagePath("path or pattern"), path => new(path), File, file => file.Access == AccessClass.Code ? file.Path : null)), s => s.Files, (s, v) => s with { Files = v },
            "What goes into the package, with who may do what with it.") { Example = "[bin/**, {path: config/app.json, access: config}]", Synonyms = ["include", "content"] });

    private static TextShape Account => new("account")
    {
        Most = 256,
        Check = name => name.Any(c => char.IsControl(c) || c is ':' or '/') || name != name.Trim()
            ? new Fault(SpecRules.Account, "is not the name of an account", SpecRules.Account.Reason)
            : null,
    };

    private static TextShape ServiceName => new("name")
    {
        Pattern = Names.ServicePattern,
        Check = Names.Service.Check,
    };

    private static TextShape PackagePath(string words) => new(words) { Most = 1024, Check = PathForms.Package };
}
