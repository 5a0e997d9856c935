using Holdfast.Core.Leadership;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Services;

namespace Holdfast.Packaging.Tests.Services;

/// <summary>Specs that the rules allow, with every key at its default as often as not, and texts that a careless writer of YAML stumbles over.</summary>
internal sealed class RandomSpecs(int seed)
{
    private static readonly string[] Texts =
    [
        "plain", "", " ", "two words", " leading", "trailing ", "null", "~", "true", "No", "on", "y", "1", "1.10", "0x1f", "1e3", "5s", "64MiB", "12:30:45", "2026-11-25", "-", "- a", "a: b", "a:", ": a", "a #b", "#",
        "*x", "&x", "!x", "%x", "@x", "`x`", "|", ">", "?", "{a: b}", "[a]", "a, b", "it's", "\"quoted\"", "'", "''", "C:\\Program Files\\x \"y\".exe", "\\", "\\n", "a\nb", "a\r\nb\n", "\ttab", "é", "注文", "🙂", "\u00A0", "\u0085",
        "\u2028", "\u200B", "\u202Ex", "\uFEFF", "\uFFFD", "\u0007", "---", "...", "--- a", "<<", "=", "$${x}", "$", "/", "/etc/x y", "bin/**",
    ];

    private readonly Random random = new(seed);

    public ServiceSpec Next()
    {
        var spec = new ServiceSpec
        {
            Name = One("orders", "o", "a-1", "null", "true", "no", "y"),
            Version = Else("0.0.0", () => One("1.10", "1", "0x1f", "2.0.0-rc.1+5", "1e3")),
            Description = Maybe(Said),
            Labels = Map("team", "a.b/c", "no", "1"),
            Command = [One("bin/orders", "/usr/bin/my app", @"C:\Program Files\x.exe", "null"), .. Many(Text)],
            Environment = Map("LOG_LEVEL", "_", "NO", "y", "null"),
            WorkingFolder = Maybe(() => One(".", "web", "/srv/a b", @"D:\x")),
            User = Maybe(() => new UserSpec(One("orders", "1000", @".\orders", "null"), Maybe(() => One("services", "1")), MaybeList(() => One("ssl-cert", "1002", "no")))),
            Access = new SortedDictionary<string, GroupRights>(
                ((string[])["team-orders", @"BANK\Team Orders", "1002", "null"]).Where(_ => Flip()).ToDictionary(group => group, _ => (GroupRights)random.Next(1, 8)), StringComparer.Ordinal),
            Ports = new SortedDictionary<string, int?>(StringComparer.Ordinal) { ["http"] = Flip() ? 8080 : null, ["y"] = Flip() ? 1 : null },
            Stop = Else(new(), () => new StopSpec { Signal = One("TERM", "INT", "HUP"), Timeout = Time() }),
            Reload = Maybe(() => Flip() ? new ReloadSpec { Signal = "HUP" } : new ReloadSpec { Hook = Hook() }),
            Hooks = new HooksSpec { PreStart = Maybe(Hook), PostStart = Maybe(Hook), PreStop = Maybe(Hook), PostStop = Maybe(Hook) },
            Restart = Else(new(), Restart),
            Health = new HealthSpec { Startup = Maybe(Probe), Liveness = Maybe(Probe), Readiness = Maybe(Probe) },
            ReadyDeadline = TimeSpan.FromHours(Flip() ? 1 : 30),
            Limits = new LimitsSpec
            {
                MemoryBytes = Maybe<long>(() => One(1L << 20, (1L << 20) + 1, 10_000_000L, 3L << 30)), CpuMillicores = Maybe<int>(() => One(1, 250, 1000, 1500)), Affinity = Maybe(() => One("0", "0,2-3")),
                Processes = Maybe<int>(() => 64), Files = Maybe<int>(() => 4096), CoreDumps = Flip(),
            },
            Priority = One(Enum.GetValues<PriorityClass>()),
            After = Many(() => new AfterSpec(One("database", "cache"), One(Enum.GetValues<AfterCondition>()))).DistinctBy(after => after.Service).ToList(),
            Supervisor = SupervisorKind.Shared,
            Placement = Else(new(), Placement),
            Windows = Maybe(Windows),
            Secrets = Flip() ? new SortedDictionary<string, string> { ["DB_PASSWORD"] = One("/etc/db", @"C:\secrets\db") } : new SortedDictionary<string, string>(),
            Stdin = One(Enum.GetValues<StdinAccess>()),
            Output = new OutputSpec
            {
                Encoding = One("utf-8", "gbk"), OnFull = One(Enum.GetValues<OverflowPolicy>()), RotateBytes = One(64L << 20, 1L << 20), RotateAge = TimeSpan.FromHours(Flip() ? 24 : 1), KeepBytes = One(1L << 30, 10L << 30),
                KeepAge = TimeSpan.FromDays(One(14, 180)),
                Redaction = new() { Without = Flip() ? [] : ["pan"], Patterns = Flip() ? new SortedDictionary<string, string>() : new SortedDictionary<string, string> { ["iban"] = "[A-Z]{2}[0-9]{20}\\b" } },
            },
            Open = Flip() ? [] : ["limits.*", "restart"],
            Files = Many(() => new FileSpec(One("bin/**", "config/app.json", "a b"), One(Enum.GetValues<AccessClass>()))),
        };
        // Probes may take longer than the usual deadline.
        if (spec.Placement.Mode == PlacementMode.ActiveStandby) spec = spec with { Restart = spec.Restart with { OnExit = One(Enum.GetValues<OnExit>()) } };
        if (spec.Health == new HealthSpec()) spec = spec with { ReadyDeadline = new ServiceSpec { Name = "", Command = [] }.ReadyDeadline };
        return spec.Windows is { NativeService: true } || spec.After.Count > 0 ? spec : spec with { Supervisor = One(Enum.GetValues<SupervisorKind>()) };
    }

    private RestartSpec Restart() => new()
    {
        Policy = One(Enum.GetValues<RestartPolicy>()),
        Delays = Flip() ? [TimeSpan.Zero] : [TimeSpan.FromMilliseconds(random.Next(1, 5000)), TimeSpan.FromSeconds(7)],
        Jitter = One(0, 0.1, 0.25, 1, 1e-7, 1.0 / 3),
        Attempts = One(0, 3, 9),
        Window = TimeSpan.FromMinutes(One(10, 30)),
        ResetAfter = Time(),
        SuccessCodes = Flip() ? [] : [0, 3],
        RetryCodes = Flip() ? [] : [75, -1],
        PermanentCodes = Flip() ? [] : [78, int.MinValue],
    };

    private PlacementSpec Placement()
    {
        var owners = new PlacementSpec
        {
            Mode = One(Enum.GetValues<PlacementMode>()),
            Possible = Flip() ? null : ["node-1", "2", "null"],
            Labels = Map("zone", "a.b/c"),
            NeverWith = Flip() ? [] : ["batch"],
        };
        if (owners.Mode == PlacementMode.Everywhere) return owners;
        var placement = owners with { Preferred = Flip() ? [] : ["2", "node-1"], Avoid = Flip() ? [] : ["reports", "cache"] };
        if (placement.Mode == PlacementMode.Replicas)
            return placement with { Replicas = One(1, 3), Spread = Maybe(() => One("zone", "1")), MoveAfter = One(TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)) };
        return placement with
        {
            Standby = One(Standby.Cold, Standby.Warm),
            Failover = Else(FailoverBudget.Default, () => new FailoverBudget(One(1, 5), TimeSpan.FromHours(One(1, 6)))),
            Failback = One(new FailbackSpec(FailbackMode.Manual), new FailbackSpec(FailbackMode.Immediate), new FailbackSpec(FailbackMode.Between, new TimeOnly(0, 0), new TimeOnly(4, 5))),
        };
    }

    private ProbeSpec Probe()
    {
        var probe = new ProbeSpec { Interval = Time(), InitialDelay = Flip() ? TimeSpan.Zero : Time(), Failures = One(1, 3), Successes = One(1, 2) };
        return random.Next(4) switch
        {
            0 => probe with { Http = new(One("http", "8080"), One("/", "/a?b=c&d"), Maybe(() => "orders.example")) },
            1 => probe with { Tcp = new("y") },
            2 => probe with { Grpc = new(One("http", "y"), One("", "acme.shop.v1.Shop")) },
            _ => probe with { Exec = new(["bin/check", .. Many(Text)]) },
        };
    }

    private WindowsSpec Windows() => Flip()
        ? new()
        : new()
        {
            NativeService = true,
            DisplayName = Maybe(Said),
            StartType = One(Enum.GetValues<NativeStartType>()),
            Dependencies = Many(() => One("Tcpip", "+Group", "My Service", "1")),
            Recovery = Else(new RecoverySettings(), () => new RecoverySettings
            {
                Actions = Many(() => new RecoveryAction(One(Enum.GetValues<RecoveryKind>()), TimeSpan.FromSeconds(random.Next(3)))), ResetAfter = TimeSpan.FromDays(One(1, 36500)), Command = @"C:\Tools\tell.exe ""orders""", OnErrorStops = Flip(),
            }),
            PreshutdownTimeout = Maybe<TimeSpan>(() => TimeSpan.FromHours(2)),
            ServiceSid = One(Enum.GetValues<ServiceSidType>()),
            RequiredPrivileges = MaybeList(() => "SeChangeNotifyPrivilege"),
            Pause = Maybe(() => random.Next(3) switch
            {
                0 => new PauseSpec { Suspend = true, Timeout = TimeSpan.FromSeconds(One(3, 30)) },
                1 => new PauseSpec { Http = new("http", "/pause", "/continue") },
                _ => new PauseSpec { Hooks = new(Hook(), Hook()) },
            }),
        };

    private HookSpec Hook() => new() { Command = [One("bin/x", "/bin/x y"), .. Many(Text)], Timeout = Time() };

    /// <summary>Short: what a stop can take is bounded.</summary>
    private TimeSpan Time() => TimeSpan.FromMilliseconds(One(1, 999, 1000, 5000, 15_000, 30_000));

    private string Text() => One(Texts);

    private string Said() => Text() is { Length: > 0 } text ? text : "said";

    private SortedDictionary<string, string> Map(params string[] keys) => new(keys.Where(_ => Flip()).ToDictionary(key => key, _ => Text()), StringComparer.Ordinal);

    private List<T> Many<T>(Func<T> one) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => one())];

    private List<T>? MaybeList<T>(Func<T> one) => Flip() ? null : Many(one);

    private T? Maybe<T>(Func<T> one)
        where T : class => Flip() ? null : one();

    private T? Maybe<T>(Func<T> one, T? none = null)
        where T : struct => Flip() ? none : one();

    private T Else<T>(T usual, Func<T> other) => Flip() ? usual : other();

    private bool Flip() => random.Next(2) == 0;

    private T One<T>(params ReadOnlySpan<T> values) => values[random.Next(values.Length)];
}
