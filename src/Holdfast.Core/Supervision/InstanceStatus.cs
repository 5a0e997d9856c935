using Holdfast.Core.Health;

namespace Holdfast.Core.Supervision;

/// <summary>The states of an instance, as <c>ps</c> shows them.</summary>
public enum InstanceState
{
    /// <summary>Wanted to run, but what it comes after is not there yet.</summary>
    Waiting,

    /// <summary>From the preStart hook until it is ready.</summary>
    Starting,

    Running,

    /// <summary>From the preStop hook until its container is proven empty.</summary>
    Stopping,

    Stopped,

    /// <summary>It exited and will be started again at a known time.</summary>
    BackingOff,

    /// <summary>It ended as it should and is not started again.</summary>
    Completed,

    /// <summary>It is not started again by itself; the reason says why.</summary>
    Failed,

    /// <summary>It was paused, and goes on when it is told to.</summary>
    Paused,
}

/// <summary>How a process ended. Exactly one of Code and Signal is set.</summary>
public sealed record ExitInfo(int? Code, string? Signal, bool CoreDumped, DateTimeOffset At)
{
    /// <summary>In words: <c>exit code 3</c>, <c>killed by SIGKILL</c>.</summary>
    public override string ToString() => Code is { } code
        ? $"exit code {code}"
        : $"killed by {Signal}{(CoreDumped ? " (core dumped)" : "")}";
}

/// <summary>What the supervisor knows of one instance at one moment.</summary>
public sealed record InstanceStatus
{
    public required string Instance { get; init; }

    public required string Service { get; init; }

    /// <summary>The service whose own supervisor keeps it; null: the shared one does.</summary>
    public string? Supervisor { get; init; }

    public required int Release { get; init; }

    public required string PackageDigest { get; init; }

    public required long Incarnation { get; init; }

    /// <summary>In which it acts; null: it is not led.</summary>
    public long? Epoch { get; init; }

    /// <summary>The lease that the epoch is under; null: it is not led.</summary>
    public long? Lease { get; init; }

    /// <summary>It runs, or is to, and does not act before it is promoted.</summary>
    public bool StandsBy { get; init; }

    public required RunState Wanted { get; init; }

    public required InstanceState State { get; init; }

    public required HealthState Health { get; init; }

    /// <summary>One sentence: why it is in this state.</summary>
    public required string Reason { get; init; }

    /// <summary>When it came into this state.</summary>
    public required DateTimeOffset Since { get; init; }

    public int? Pid { get; init; }

    /// <summary>The kernel's creation time of the process, in the platform's own unit: with the PID it names a process for good.</summary>
    public long? CreationTime { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Has been ready since <see cref="StartedAt"/>.</summary>
    public bool Ready { get; init; }

    /// <summary>Automatic restarts since this release was started by the agent or an operator.</summary>
    public int Restarts { get; init; }

    /// <summary>All automatic restarts ever counted, by reason: <c>exit</c>, <c>signal</c>, <c>liveness</c>, <c>watchdog</c>, <c>start</c>.</summary>
    public IReadOnlyDictionary<string, long> RestartsByReason { get; init; } = new Dictionary<string, long>();

    public DateTimeOffset? NextStartAt { get; init; }

    public ExitInfo? LastExit { get; init; }

    /// <summary>What the service said of itself (STATUS=).</summary>
    public string? StatusText { get; init; }

    public IReadOnlyList<ProbeStatus> Probes { get; init; } = [];

    public CaptureStatus Capture { get; init; } = new();

    public ContainmentStatus Containment { get; init; } = new();
}

/// <summary>Counts since the instance was first applied; they go on over restarts.</summary>
public sealed record CaptureStatus
{
    public long BytesRead { get; init; }

    public long LinesRead { get; init; }

    public long BytesWritten { get; init; }

    public long LinesWritten { get; init; }

    public long BytesDropped { get; init; }

    public long LinesDropped { get; init; }

    /// <summary>How long the service's writes were held up under <c>onFull: block</c>.</summary>
    public TimeSpan Blocked { get; init; }

    /// <summary>When it wrote its last line; null: it has written none yet.</summary>
    public DateTimeOffset? LastLineAt { get; init; }

    /// <summary>How often each redaction rule struck.</summary>
    public IReadOnlyDictionary<string, long> Redacted { get; init; } = new Dictionary<string, long>();

    /// <summary>Null when all is well; else why output cannot be written.</summary>
    public string? Trouble { get; init; }
}

/// <summary>What holds the process tree together, and what of the spec's limits the host enforces.</summary>
public sealed record ContainmentStatus
{
    /// <summary><c>cgroup</c>, <c>job</c> or <c>session</c> (the last one contains nothing that changes its session).</summary>
    public string Kind { get; init; } = "";

    /// <summary>The container's identity on this host: a cgroup's path, a job's name.</summary>
    public string? Id { get; init; }

    public IReadOnlyList<string> Enforced { get; init; } = [];

    /// <summary>Each with the reason: <c>limits.memory: the memory controller is not writable</c>.</summary>
    public IReadOnlyList<string> NotEnforced { get; init; } = [];
}
