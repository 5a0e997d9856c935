namespace Holdfast.Core.Services.Rules;

/// <summary>Every rule that a spec, and values laid over it, are held to.</summary>
public static class SpecRules
{
    public static readonly SpecRule Kind = new("spec.kind", "A value is what its key expects: a mapping, a list or a single value.");
    public static readonly SpecRule UnknownKey = new("spec.unknown-key", "Every key is known.");
    public static readonly SpecRule MissingKey = new("spec.missing-key", "What is required is there.");
    public static readonly SpecRule MissingValue = new("spec.missing-value", "A key that is written has a value.");
    public static readonly SpecRule Choice = new("spec.choice", "A value with a fixed set of words is one of them.");
    public static readonly SpecRule Number = new("spec.number", "A number is a number, within its bounds.");
    public static readonly SpecRule Flag = new("spec.flag", "A switch is true or false.");
    public static readonly SpecRule Duration = new("spec.duration", "A duration has a unit (ms, s, m, h, d) and is within its bounds.");
    public static readonly SpecRule Time = new("spec.time", "A time of day has hours and minutes: 22:00.");
    public static readonly SpecRule Size = new("spec.size", "A size has a unit (B, KiB, MiB, GiB, TiB, KB, MB, GB, TB) and is within its bounds.");
    public static readonly SpecRule Cores = new("spec.cores", "Processor time is a number of cores, or thousandths with m.");
    public static readonly SpecRule Cpus = new("spec.cpus", "A CPU is named by its number, several by a range, the lower one first.");
    public static readonly SpecRule Length = new("spec.length", "Texts and lists are neither too short nor too long.");
    public static readonly SpecRule Character = new("spec.character", "What is handed to the operating system holds no NUL character.");
    public static readonly SpecRule Name = new("spec.name", "A service's name is 1 to 63 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen.");
    public static readonly SpecRule Version = new("spec.version", "A version is letters, digits and . _ + - only, as it becomes part of a file's name.");
    public static readonly SpecRule Label = new("spec.label", "A label's key is letters, digits and . _ / - only.");
    public static readonly SpecRule Account = new("spec.account", "An account is a name or a number, without : or / or control characters, and without spaces around it.");
    public static readonly SpecRule AccessWrite = new("spec.access-write", "No group writes what a service runs or keeps: its account writes its data, and administrators its code.");
    public static readonly SpecRule EnvironmentName = new("spec.environment-name", "An environment variable's name is letters, digits and _, and does not begin with a digit.");
    public static readonly SpecRule EnvironmentReserved = new("spec.environment-reserved", "HOLDFAST_*, NOTIFY_SOCKET and WATCHDOG_* are set by the supervisor.");
    public static readonly SpecRule PortName = new("spec.port-name", "A port's name is 1 to 32 lower-case letters, digits and hyphens, and begins with a letter.");
    public static readonly SpecRule RedactionName = new("spec.redaction-name", "The name of a redaction rule is 1 to 32 lower-case letters, digits and hyphens, and begins with a letter; built-in names are taken.");
    public static readonly SpecRule PortNumber = new("spec.port-number", "A port is 1 to 65535, or auto.");
    public static readonly SpecRule PortTwice = new("spec.port-twice", "No two ports have the same number.");
    public static readonly SpecRule PortUnknown = new("spec.port-unknown", "A probe asks a port that exists: one of the service by its name, or a number.");
    public static readonly SpecRule Variable = new("spec.variable", "A ${…} names something that exists.");
    public static readonly SpecRule Executable = new("spec.executable", "What is executed is a file of the package, or a host executable by its absolute path; no ${…} in it.");
    public static readonly SpecRule Path = new("spec.path", "A path of the package is relative, with forward slashes, and stays inside it.");
    public static readonly SpecRule HostPath = new("spec.host-path", "A path of the host is absolute.");
    public static readonly SpecRule UrlPath = new("spec.url-path", "A probe's path begins with / and holds no spaces.");
    public static readonly SpecRule GrpcService = new("spec.grpc-service", "A gRPC probe's service is a full name: letters, digits, _ and dots.");
    public static readonly SpecRule Host = new("spec.host", "A probe's Host header is a host name, with a port or without.");
    public static readonly SpecRule ProbeKind = new("spec.probe-kind", "A probe has exactly one of http, grpc, tcp and exec.");
    public static readonly SpecRule ReloadKind = new("spec.reload-kind", "A reload is either a signal or a hook.");
    public static readonly SpecRule ReadyDeadline = new("spec.ready-deadline", "The ready deadline leaves time for the probes that must succeed before it.");
    public static readonly SpecRule WatchdogNotify = new("spec.watchdog-notify", "A service with a watchdog speaks sd_notify: ready is notify.");
    public static readonly SpecRule RestartWindow = new("spec.restart-window", "All attempts fit into the window, so that their limit can be reached.");
    public static readonly SpecRule ExitCodeTwice = new("spec.exit-code-twice", "An exit code has one meaning.");
    public static readonly SpecRule AfterItself = new("spec.after-itself", "A service does not wait for itself.");
    public static readonly SpecRule AfterTwice = new("spec.after-twice", "A service waits for another one once.");
    public static readonly SpecRule SecretName = new("spec.secret-name", "A secret NAME becomes the variable NAME_FILE, which environment does not set as well.");
    public static readonly SpecRule PlacementNode = new("placement.node", "A node has the name that its certificate has: 1 to 63 lower-case letters, digits and . _ - between them.");
    public static readonly SpecRule PlacementMode = new("placement.mode", "A key that is for one mode of placement stands with that mode.");
    public static readonly SpecRule PlacementOwners = new("placement.owners", "An owner is named once, and a preferred one is possible.");
    public static readonly SpecRule PlacementReplicas = new("placement.replicas", "There are as many possible owners as replicas, as no two are on one node.");
    public static readonly SpecRule PlacementItself = new("placement.itself", "A service is not kept away from itself.");
    public static readonly SpecRule PlacementTwice = new("placement.twice", "A service that is avoided is named once, and either in avoid or in neverWith.");
    public static readonly SpecRule PlacementPromote = new("placement.promote", "A hot standby, and no other, is promoted by exactly one of hook, signal and http.");
    public static readonly SpecRule PlacementHeard = new("placement.heard", "What is promoted by a signal says when it can hear it: a signal without a handler kills.");
    public static readonly SpecRule PlacementFailback = new("placement.failback", "The hours for failback begin and end at different times.");
    public static readonly SpecRule ScmName = new("spec.scm-name", "What Windows starts before has the name that the SCM knows, without slashes or spaces around it.");
    public static readonly SpecRule Privilege = new("spec.privilege", "A privilege has the name that Windows gives it: Se…Privilege.");
    public static readonly SpecRule NativeOnly = new("spec.native-only", "What stands under windows is for a native service.");
    public static readonly SpecRule PauseKind = new("spec.pause-kind", "A pause is made by exactly one of hooks, http and suspend.");
    public static readonly SpecRule RecoveryCommand = new("spec.recovery-command", "A recovery that runs something says what.");
    public static readonly SpecRule StopBudget = new("spec.stop-budget", "A native service can stop within what Windows waits for: 125 s in services.msc, and its preshutdown time-out.");
    public static readonly SpecRule OutputKeep = new("spec.output-keep", "What is kept holds at least one whole segment.");
    public static readonly SpecRule OutputPath = new("spec.output-path", "The path of files that are read stays where it begins, and names each folder on the way.");
    public static readonly SpecRule Pattern = new("spec.pattern", "A redaction pattern is a regular expression that runs in linear time and matches something.");
    public static readonly SpecRule OpenUnknown = new("spec.open-unknown", "What is opened to values is a key of the spec.");
    public static readonly SpecRule OpenNever = new("spec.open-never", "What a service is (name, version, files, what is open) is not open to values.");
    public static readonly SpecRule ValuesNotOpen = new("values.not-open", "Values set only what the spec opens.");
    public static readonly SpecRule ValuesShape = new("values.shape", "Values do not change whether a key is a single value, a list or a mapping, unless that key itself is open.");
    public static readonly SpecRule ValuesName = new("values.name", "Values that name a service are for that service.");

    /// <summary>In the order of the reference.</summary>
    public static IReadOnlyList<SpecRule> All { get; } =
    [
        Kind, UnknownKey, MissingKey, MissingValue, Choice, Number, Flag, Duration, Time, Size, Cores, Cpus, Length, Character,
        Name, Version, Label, Account, AccessWrite, EnvironmentName, EnvironmentReserved, PortName, PortNumber, PortTwice, PortUnknown,
        Variable, Executable, Path, HostPath, UrlPath, GrpcService, Host, ProbeKind, ReloadKind, ReadyDeadline, WatchdogNotify,
        RestartWindow, ExitCodeTwice, AfterItself, AfterTwice, SecretName,
        PlacementNode, PlacementMode, PlacementOwners, PlacementReplicas, PlacementItself, PlacementTwice, PlacementPromote, PlacementHeard, PlacementFailback,
        ScmName, Privilege, NativeOnly, PauseKind, RecoveryCommand, StopBudget, OutputKeep, OutputPath, RedactionName, Pattern, OpenUnknown, OpenNever,
        ValuesNotOpen, ValuesShape, ValuesName,
    ];
}
