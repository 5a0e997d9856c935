namespace Holdfast.Core.Services;

/// <summary>
/// What a user's <c>holdfast.yaml</c> means: checked, with every default filled in. Immutable.
/// The file itself (places, comments, unknown keys) is gone here; durations are <see cref="TimeSpan"/>, sizes are bytes.
/// </summary>
public sealed record ServiceSpec
{
    /// <summary>1 to 63 characters: lower-case letters, digits and hyphens; begins with a letter, does not end with a hyphen.</summary>
    public required string Name { get; init; }

    /// <summary>The version of the package, free in form (semantic versions recommended).</summary>
    public string Version { get; init; } = "0.0.0";

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Empty.Strings;

    /// <summary>
    /// Executable and arguments, at least one element. A relative first element is a file of the package;
    /// an absolute one is a host executable, which the trust policy must pin. <c>${ports.NAME}</c>,
    /// <c>${folders.code}</c>, <c>${folders.data}</c>, <c>${folders.secrets}</c> and <c>${instance}</c> are replaced by the agent.
    /// </summary>
    public required IReadOnlyList<string> Command { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = Empty.Strings;

    /// <summary>Relative to the package's folder, which . is itself, or absolute; null is the instance's data folder.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Null: the account that the supervisor runs under.</summary>
    public UserSpec? User { get; init; }

    /// <summary>By the name of a group of the host: what it may do beside the account and the administrators. Others may do nothing.</summary>
    public IReadOnlyDictionary<string, GroupRights> Access { get; init; } = Empty.Access;

    /// <summary>By name; the value is the number, or null where the agent assigns a free one.</summary>
    public IReadOnlyDictionary<string, int?> Ports { get; init; } = Empty.Ports;

    public StopSpec Stop { get; init; } = new();

    /// <summary>Null: the service cannot reload.</summary>
    public ReloadSpec? Reload { get; init; }

    public HooksSpec Hooks { get; init; } = new();

    public RestartSpec Restart { get; init; } = new();

    public HealthSpec Health { get; init; } = new();

    /// <summary>Within this time of a start the instance must be ready, else the start has failed.</summary>
    public TimeSpan ReadyDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What makes an instance ready.</summary>
    public ReadyWhen Ready { get; init; } = ReadyWhen.Probes;

    /// <summary>Null: no watchdog. Else WATCHDOG=1 must come at least this often once the service is ready.</summary>
    public TimeSpan? Watchdog { get; init; }

    public LimitsSpec Limits { get; init; } = new();

    public PriorityClass Priority { get; init; } = PriorityClass.Normal;

    /// <summary>Services of this node that are waited for before the start.</summary>
    public IReadOnlyList<AfterSpec> After { get; init; } = [];

    /// <summary>Which supervisor keeps it.</summary>
    public SupervisorKind Supervisor { get; init; } = SupervisorKind.Shared;

    /// <summary>On which nodes it runs.</summary>
    public PlacementSpec Placement { get; init => field = value ?? new(); } = new();

    /// <summary>Null: nothing of it is Windows's own business.</summary>
    public WindowsSpec? Windows { get; init; }

    /// <summary>By name: the host file that holds the secret. The service gets NAME_FILE, a path that only it may read.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = Empty.Strings;

    /// <summary>Whether operators may write to the service's standard input.</summary>
    public StdinAccess Stdin { get; init; } = StdinAccess.Closed;

    public OutputSpec Output { get; init; } = new();

    /// <summary>What the service may write into the node's audit log.</summary>
    public AuditSpec Audit { get; init => field = value ?? new(); } = new();

    /// <summary>The keys, as dotted paths (<c>environment.LOG_LEVEL</c>, <c>limits.memory</c>, <c>environment.*</c>), that values may set.</summary>
    public IReadOnlyList<string> Open { get; init; } = [];

    /// <summary>What <c>pack</c> puts into the package, with the access class of each.</summary>
    public IReadOnlyList<FileSpec> Files { get; init; } = [];
}

public enum SupervisorKind
{
    /// <summary>The node's one, together with all others.</summary>
    Shared,

    /// <summary>One of its own.</summary>
    Dedicated,
}

public enum StdinAccess
{
    /// <summary>The service finds nothing to read: the null device.</summary>
    Closed,

    /// <summary>A pipe, into which operators write (<c>holdfast attach</c>).</summary>
    Open,
}

/// <summary>An account of the host, by name or number, and its groups (null: the account's own).</summary>
public sealed record UserSpec(string Name, string? Group = null, IReadOnlyList<string>? Groups = null);

/// <summary>How an instance is asked to end, and how long it may take before it is killed.</summary>
public sealed record StopSpec
{
    /// <summary>Name without SIG: TERM, INT, QUIT, HUP, USR1, USR2.</summary>
    public string Signal { get; init; } = "TERM";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Exactly one of the two is set.</summary>
public sealed record ReloadSpec
{
    public string? Signal { get; init; }

    public HookSpec? Hook { get; init; }
}

public sealed record HooksSpec
{
    /// <summary>Must succeed, or the start has failed.</summary>
    public HookSpec? PreStart { get; init; }

    /// <summary>Runs when the instance is ready; a failure is an event.</summary>
    public HookSpec? PostStart { get; init; }

    /// <summary>Runs before the stop signal; a failure is an event.</summary>
    public HookSpec? PreStop { get; init; }

    /// <summary>Runs when the container is proven empty; a failure is an event.</summary>
    public HookSpec? PostStop { get; init; }
}

public sealed record HookSpec
{
    public required IReadOnlyList<string> Command { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

public enum RestartPolicy
{
    Always,
    OnFailure,
    Never,
}

/// <summary>What is tried first when a service that leads ended by itself.</summary>
public enum OnExit
{
    /// <summary>Another start on the same node, as governed.</summary>
    Restart,

    /// <summary>The start on the next node.</summary>
    Failover,
}

/// <summary>Law 5 in numbers: delays 0, 1, 5 s (the last repeats), at most 3 in 10 min, reset after 10 min of health.</summary>
public sealed record RestartSpec
{
    public RestartPolicy Policy { get; init; } = RestartPolicy.Always;

    public OnExit OnExit { get; init; } = OnExit.Restart;

    public IReadOnlyList<TimeSpan> Delays { get; init; } = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>0 to 1: the share of a delay by which it is lengthened at random.</summary>
    public double Jitter { get; init; }

    /// <summary>At most so many automatic restarts in <see cref="Window"/>; the next one is <c>failed</c>. 0: none.</summary>
    public int Attempts { get; init; } = 3;

    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After so long in health the count starts anew.</summary>
    public TimeSpan ResetAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Exit codes that mean the work is done. Under <see cref="RestartPolicy.OnFailure"/> they end the instance.</summary>
    public IReadOnlyList<int> SuccessCodes { get; init; } = [0];

    /// <summary>Exit codes after which a restart is always worth trying, whatever the policy but <see cref="RestartPolicy.Never"/>.</summary>
    public IReadOnlyList<int> RetryCodes { get; init; } = [];

    /// <summary>Exit codes that no restart will mend (a configuration error): failed at once.</summary>
    public IReadOnlyList<int> PermanentCodes { get; init; } = [];
}

public enum ReadyWhen
{
    /// <summary>When the startup and readiness probes succeed; without any, when the process has started.</summary>
    Probes,

    /// <summary>When the service says READY=1 (sd_notify), and the readiness probe, if any, succeeds.</summary>
    Notify,

    /// <summary>When the process has started.</summary>
    Started,
}

public sealed record HealthSpec
{
    /// <summary>Until it succeeds once, the other two are not asked.</summary>
    public ProbeSpec? Startup { get; init; }

    /// <summary>When it fails, the instance is restarted.</summary>
    public ProbeSpec? Liveness { get; init; }

    /// <summary>When it fails, the instance is unhealthy and gets no traffic, but it is not restarted.</summary>
    public ProbeSpec? Readiness { get; init; }
}

/// <summary>One probe. Exactly one of Http, Grpc, Tcp and Exec is set.</summary>
public sealed record ProbeSpec
{
    public HttpProbe? Http { get; init; }

    public GrpcProbe? Grpc { get; init; }

    public TcpProbe? Tcp { get; init; }

    public ExecProbe? Exec { get; init; }

    /// <summary>From one probe's end to the next one's start.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After the start, before the first probe.</summary>
    public TimeSpan InitialDelay { get; init; }

    /// <summary>So many failures in a row make it failed.</summary>
    public int Failures { get; init; } = 3;

    /// <summary>So many successes in a row make it succeeded again.</summary>
    public int Successes { get; init; } = 1;
}

/// <summary>A plain GET; 200 to 399 is success. Port is the name of one of the service's ports, or a number.</summary>
public sealed record HttpProbe(string Port, string Path, string? Host = null);

/// <summary>gRPC's health protocol; SERVING is success.</summary>
/// <param name="Service">In full; empty: the server as a whole.</param>
public sealed record GrpcProbe(string Port, string Service = "");

public sealed record TcpProbe(string Port);

/// <summary>Exit code 0 is success.</summary>
public sealed record ExecProbe(IReadOnlyList<string> Command);

/// <summary>Null: no limit.</summary>
public sealed record LimitsSpec
{
    public long? MemoryBytes { get; init; }

    /// <summary>Thousandths of a core.</summary>
    public int? CpuMillicores { get; init; }

    /// <summary>CPUs as the kernel lists them: <c>0,2-3</c>. Null: all that the supervisor has.</summary>
    public string? Affinity { get; init; }

    public int? Processes { get; init; }

    public int? Files { get; init; }

    /// <summary>Core dumps may hold secrets: off unless asked for.</summary>
    public bool CoreDumps { get; init; }
}

public enum PriorityClass
{
    Low,
    BelowNormal,
    Normal,
    AboveNormal,
    High,
}

public enum AfterCondition
{
    Started,
    Ready,
}

public sealed record AfterSpec(string Service, AfterCondition Wait = AfterCondition.Ready);

public enum OverflowPolicy
{
    /// <summary>What cannot be written is counted and dropped: the service is never held up.</summary>
    Drop,

    /// <summary>The service waits until its line can be written: none is lost, and the wait is counted.</summary>
    Block,
}

/// <summary>How stdout, stderr and what the service writes into its own files are captured.</summary>
public sealed record OutputSpec
{
    /// <summary>The name of the encoding the service writes: utf-8, gbk, gb18030, windows-1252, …</summary>
    public string Encoding { get; init; } = "utf-8";

    public OverflowPolicy OnFull { get; init; } = OverflowPolicy.Drop;

    /// <summary>A new segment at this size.</summary>
    public long RotateBytes { get; init; } = 64L << 20;

    /// <summary>A new segment at this age.</summary>
    public TimeSpan RotateAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The oldest segments go when all of them exceed this size.</summary>
    public long KeepBytes { get; init; } = 1L << 30;

    /// <summary>Segments older than this go.</summary>
    public TimeSpan KeepAge { get; init; } = TimeSpan.FromDays(14);

    public RedactionSpec Redaction { get; init; } = new();

    public LineRateSpec Rate { get; init => field = value ?? new(); } = new();

    /// <summary>A service that runs and has written nothing for so long is told; null: it need not write.</summary>
    public TimeSpan? Silence { get; init; }

    public LineFormatSpec Format { get; init => field = value ?? new(); } = new();

    /// <summary>Files that the service writes its lines into itself.</summary>
    public IReadOnlyList<OutputFileSpec> Files { get; init => field = value ?? []; } = [];

    /// <summary>EventSources of a .NET service whose events are taken as well.</summary>
    public IReadOnlyList<EventPipeSpec> EventPipe { get; init => field = value ?? []; } = [];
}

/// <summary>Files of a service by their names.</summary>
/// <param name="Path">A file or a pattern: relative to the instance's data folder, or absolute.</param>
public sealed record OutputFileSpec(string Path)
{
    /// <summary>As <see cref="OutputSpec.Encoding"/>, of these files.</summary>
    public string Encoding { get; init => field = value ?? "utf-8"; } = "utf-8";
}

/// <summary>What is made unreadable before a line reaches the disk.</summary>
public sealed record RedactionSpec
{
    /// <summary>Built-in rules that are switched off, by name: pan, bearer, private-key.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Own rules: name → regular expression (no back-references: it must run in linear time).</summary>
    public IReadOnlyDictionary<string, string> Patterns { get; init; } = Empty.Strings;
}

/// <summary>Who may do what with a file: on Linux its mode and owner, on Windows its DACL.</summary>
public enum AccessClass
{
    /// <summary>Executables and libraries: the service reads and executes, and cannot write.</summary>
    Code,

    /// <summary>The service reads, and cannot write.</summary>
    Config,

    /// <summary>Initial content of the service's own data folder.</summary>
    Data,

    /// <summary>Only the service reads: it finds a copy of its own under <c>${folders.secrets}</c> (HOLDFAST_SECRETS).</summary>
    Secret,
}

/// <summary>A file or folder pattern of the package: <c>bin/**</c>, <c>config/app.json</c>.</summary>
public sealed record FileSpec(string Path, AccessClass Access = AccessClass.Code);

internal static class Empty
{
    public static IReadOnlyDictionary<string, string> Strings { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal).AsReadOnly();

    public static IReadOnlyDictionary<string, GroupRights> Access { get; } = new SortedDictionary<string, GroupRights>(StringComparer.Ordinal).AsReadOnly();

    public static IReadOnlyDictionary<string, int?> Ports { get; } = new SortedDictionary<string, int?>(StringComparer.Ordinal).AsReadOnly();
}
