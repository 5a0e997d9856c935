using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// The units of a node as text: agent, supervisor, the handover before a shutdown, and one for each service that is exported. The supervisors' leave out whatever its services would inherit: what a service may is its own
/// spec's matter. The agent's allows what an agent does and nothing else. systemd is the supervisor's guard.
/// </summary>
public static class SystemdUnits
{
    public const string Folder = "/etc/systemd/system";
    public const string Supervisor = "holdfast-supervisor.service";
    public const string Agent = "holdfast-agent.service";

    /// <summary>Does something only when the machine goes down.</summary>
    public const string Handover = "holdfast-handover.service";

    /// <summary>The first line of every unit of ours: others are never overwritten.</summary>
    public const string Mark = "# Written by holdfast agent install. Changes of your own belong into a drop-in: systemctl edit UNIT";

    /// <summary>The same for the unit of a service.</summary>
    public const string ServiceMark = "# Written by holdfast service export. Changes of your own belong into a drop-in: systemctl edit UNIT";

    private const string ServicePrefix = "holdfast-service-";

    private const string Suffix = ".service";

    /// <summary>The unit of an exported service.</summary>
    public static string NameOf(string service) => ServicePrefix + service + Suffix;

    /// <summary>Whose unit it is by its file's name; null: no service's.</summary>
    public static string? ServiceOf(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.StartsWith(ServicePrefix, StringComparison.Ordinal) && file.EndsWith(Suffix, StringComparison.Ordinal) && file.Length > ServicePrefix.Length + Suffix.Length
            ? file[ServicePrefix.Length..^Suffix.Length]
            : null;
    }

    /// <summary>What a unit of this home's has in its command.</summary>
    public static string HomeOption(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return $"--home {Word(home.Path)}";
    }

    /// <param name="executable">holdfast-supervisor, absolute.</param>
    /// <param name="service">Its name.</param>
    /// <param name="description">For people; null: that it is ours.</param>
    /// <param name="dependencies">Units that are started before it, and without which it is not.</param>
    /// <param name="disabled">Nothing starts it, not even somebody by hand.</param>
    public static string ForService(Home home, string executable, string service, string? description = null, IReadOnlyList<string>? dependencies = null, bool disabled = false) => $"""
        {ServiceMark}
        [Unit]
        Description={Text(description ?? $"Holdfast: service {service}, kept by a supervisor of its own")}
        After=local-fs.target network.target {Supervisor}{string.Concat((dependencies ?? []).Select(unit => " " + unit))}
        {(dependencies is { Count: > 0 } ? $"Requires={string.Join(' ', dependencies)}\n" : "")}{(disabled ? "RefuseManualStart=yes\n" : "")}StartLimitIntervalSec=0

        [Service]
        # Ready when the service is, or will not become so by itself; how long that may take is the service's own matter.
        Type=notify
        NotifyAccess=main
        TimeoutStartSec=infinity
        ExecStart={Word(executable)} run {HomeOption(home)} --service {service} --unit {NameOf(service)}
        # The service's restarts are the supervisor's. This one is for the supervisor: not when it has ended in order, nor where another keeps the service.
        Restart=on-failure
        RestartSec=100ms
        RestartPreventExitStatus={ExitCode.Conflict}
        {Keeping}
        [Install]
        WantedBy=multi-user.target

        """;

    /// <summary>
    /// For DOTNET_GCgen0size, in bytes and hexadecimal: how much garbage the supervisor lets lie. By itself the collector looks only when
    /// there is as much as the processor's cache holds, tens of MiB on a server.
    /// </summary>
    public const string SupervisorGarbageBytes = "0x200000";

    /// <param name="executable">holdfast-supervisor, absolute.</param>
    public static string ForSupervisor(Home home, string executable) => $"""
        {Mark}
        [Unit]
        Description=Holdfast supervisor: keeps this node's services running
        After=local-fs.target network.target
        # It is tried without end, as its services wait for nobody else.
        StartLimitIntervalSec=0

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart={Word(executable)} run --home {Word(home.Path)}
        Restart=always
        RestartSec=100ms
        {Keeping}
        [Install]
        WantedBy=multi-user.target

        """;

    /// <param name="executable">holdfast, absolute.</param>
    /// <param name="listen">ADDRESS:PORT where it answers across the network; null: nowhere.</param>
    public static string ForAgent(Home home, string executable, string? listen = null) => $"""
        {Mark}
        [Unit]
        Description=Holdfast agent: takes orders, decides, records
        # Wanted, not required: neither takes the other down.
        Wants={Supervisor} network-online.target
        After={Supervisor} network-online.target
        StartLimitIntervalSec=0

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart={Word(executable)} agent --home {Word(home.Path)} --supervisor external{(listen is null ? "" : $" --listen {Word(listen)}")}
        Restart=always
        RestartSec=1s
        TimeoutStopSec=30s
        OOMScoreAdjust=-500
        LimitCORE=0
        UMask=0027
        Environment=DOTNET_EnableDiagnostics=0
        # It writes to its home, and reads what packages and policies name.
        ProtectSystem=strict
        ReadWritePaths={Word(home.Path)}
        ProtectHome=read-only
        PrivateTmp=yes
        PrivateDevices=yes
        # It gives files to services' accounts, and looks at their processes.
        CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_KILL CAP_SYS_PTRACE
        NoNewPrivileges=yes
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectHostname=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        LockPersonality=yes
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallErrorNumber=EPERM

        [Install]
        WantedBy=multi-user.target

        """;

    /// <summary>
    /// Stopped before agent and supervisor when the machine goes down, and before the network: what leads here is handed over while all of them are there. A unit of its own, so that an agent that is
    /// stopped, restarted or upgraded hands nothing over.
    /// </summary>
    /// <param name="executable">holdfast, absolute.</param>
    public static string ForHandover(Home home, string executable) => $"""
        {Mark}
        [Unit]
        Description=Holdfast handover: other nodes lead what leads here before this machine goes down
        After={Supervisor} {Agent} network.target network-online.target

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        # It asks systemd whether the machine goes down: where somebody stops this unit, nothing happens.
        ExecStop={Word(executable)} node handover --home {Word(home.Path)} --shutdown
        TimeoutStopSec=150s

        [Install]
        WantedBy=multi-user.target

        """;

    /// <summary>What every supervisor needs, and nothing that its services would inherit.</summary>
    private const string Keeping = $"""
        # What it keeps lives in control groups of its own making, below this unit's.
        Delegate=yes
        # A stop is told to the supervisor, which stops its services by their own rules; its death ends all of them at once.
        KillMode=mixed
        TimeoutStopSec=5min
        # A service that is killed for its memory is the supervisor's matter, and not the unit's end.
        OOMPolicy=continue
        OOMScoreAdjust=-900
        LimitCORE=0:infinity
        LimitNOFILE=524288
        TasksMax=infinity
        UMask=0027
        Environment=DOTNET_EnableDiagnostics=0
        Environment=DOTNET_GCgen0size={SupervisorGarbageBytes}

        """;

    /// <summary>The rest of a line: no line of its own can be in it, and % is systemd's.</summary>
    private static string Text(string text) => text.ReplaceLineEndings(" ").Replace("%", "%%", StringComparison.Ordinal).TrimEnd('\\');

    /// <summary>One word of a unit, whatever it holds: systemd splits at blanks, and takes %, $ and \ as its own.</summary>
    private static string Word(string text)
    {
        var word = new StringBuilder("\"");
        foreach (var letter in text)
        {
            if (letter is '"' or '\\') word.Append('\\');
            if (letter is '%' or '$') word.Append(letter);
            word.Append(letter);
        }

        return word.Append('"').ToString();
    }
}
