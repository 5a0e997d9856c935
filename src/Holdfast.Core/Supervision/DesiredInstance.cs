using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

public enum RunState
{
    Running,
    Stopped,
}

/// <summary>
/// What the agent wants of one instance. The supervisor keeps the last one it was given on disk and converges to it,
/// with or without an agent: applying the same value twice changes nothing.
/// </summary>
/// <param name="Plan">What to run. Another plan than the running one: the old process tree is stopped, the new one is started.</param>
/// <param name="Run">Whether it should run.</param>
/// <param name="Incarnation">Raised by an operator's restart (and start after a failure): a higher number than the running one means stop, then start, with restart counts at zero.</param>
public sealed record DesiredInstance(InstancePlan Plan, RunState Run, long Incarnation);

/// <summary>Everything that is needed to run one instance of a release: resolved, nothing left to look up in a spec or store.</summary>
public sealed record InstancePlan
{
    /// <summary>Unique on the node: <c>payments-0</c>.</summary>
    public required string Instance { get; init; }

    public required string Service { get; init; }

    public required int Release { get; init; }

    /// <summary><c>sha256:…</c></summary>
    public required string PackageDigest { get; init; }

    /// <summary>The admission record that every start is checked against; absolute path.</summary>
    public required string AdmissionRecord { get; init; }

    /// <summary>The package's files, which the service cannot write; absolute path.</summary>
    public required string CodeFolder { get; init; }

    /// <summary>The instance's own folder; absolute path.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where captured output goes; absolute path.</summary>
    public required string OutputFolder { get; init; }

    public required string WorkingFolder { get; init; }

    /// <summary>Absolute path.</summary>
    public required string Executable { get; init; }

    /// <summary>Without the executable.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>All of it but what only the supervisor knows (NOTIFY_SOCKET, HOLDFAST_NOTIFY, secrets' files).</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Port numbers by name, assigned ones included.</summary>
    public required IReadOnlyDictionary<string, int> Ports { get; init; }

    /// <summary>On Windows the account that the service manager logs on, for supervisor and service alike; null: it is none of such, or LocalSystem.</summary>
    public string? LogOnAs { get; init; }

    /// <summary>Null: no leadership, no epoch.</summary>
    public long? Epoch { get; init; }

    /// <summary>The node's lease under which it acts: nothing of it runs when that is over. Null: no leadership.</summary>
    public long? Lease { get; init; }

    /// <summary>It runs and does not act: it waits to be promoted. Only of what stands by hot.</summary>
    public bool StandsBy { get; init; }

    /// <summary>The policy part: stop, restart, health, limits, output, hooks. Its hooks' and exec probes' commands are resolved to absolute paths.</summary>
    public required ServiceSpec Spec { get; init; }
}
