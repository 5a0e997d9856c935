using Holdfast.Core.Health;
using Holdfast.Core.Supervision;
using Holdfast.Telemetry.Metrics;
using Holdfast.Telemetry.Sources;

namespace Holdfast.Telemetry.Tests.Metrics;

/// <summary>A node with one instance that runs, one that backs off after a crash, and one that has never run.</summary>
internal static class SampleNode
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    public static NodeSnapshot Snapshot { get; } = new()
    {
        Node = "node-\"1\"\\\n",
        Version = "0.1.0",
        SupervisorUp = true,
        DedicatedSupervisors = new Dictionary<string, bool> { ["ledger"] = true },
        AgentStartedAt = Start,
        AuditEntries = 42,
        Sinks = [new("elastic", true, 3, [(new("node-1", "payments-0", "payments"), new(1, 104, 100, 2, 1), 111), (new("node-1", "journal", null), new(1, 8, 7, 0, 0), 8)])],
        UnsignedAuditEntries = 3,
        StoreRevision = 17,
        Instances = [Running, BackingOff, Stopped],
    };

    private static InstanceStatus Running => Status("payments", 0) with
    {
        State = InstanceState.Running,
        Health = HealthState.Healthy,
        Pid = 41233,
        StartedAt = Start.AddSeconds(12.345678),
        RestartsByReason = new Dictionary<string, long> { ["signal"] = 2 },
        LastExit = new ExitInfo(null, "SIGKILL", false, Start.AddSeconds(12)),
        Probes =
        [
            new ProbeStatus("readiness", true, null, TimeSpan.FromMilliseconds(1.5), 100, 3, Start.AddMinutes(5)),
            new ProbeStatus("liveness", null, null, TimeSpan.Zero, 0, 0, null),
        ],
        Capture = new CaptureStatus
        {
            BytesRead = 1_000_000, LinesRead = 10_000, BytesWritten = 990_000, LinesWritten = 9_900, BytesDropped = 10_000, LinesDropped = 100,
            Blocked = TimeSpan.FromSeconds(0.25), LastLineAt = DateTimeOffset.UnixEpoch.AddSeconds(1_795_791_601.25), Redacted = new Dictionary<string, long> { ["pan"] = 3 },
        },
    };

    private static InstanceStatus BackingOff => Status("payments", 1) with
    {
        State = InstanceState.BackingOff,
        RestartsByReason = new Dictionary<string, long> { ["exit"] = 1, ["own-reason"] = 4 },
        LastExit = new ExitInfo(3, null, false, Start.AddMinutes(1)),
        Capture = new CaptureStatus { Trouble = "no space left" },
    };

    private static InstanceStatus Stopped => Status("ledger", 0) with { Wanted = RunState.Stopped, Supervisor = "ledger" };

    public static InstanceUsage? Usage(InstanceStatus instance) => new()
    {
        CpuSeconds = 1.25, CpuUserSeconds = 1, CpuSystemSeconds = 0.25, ResidentBytes = 10_276_044, Processes = 3, OpenFiles = 12,
    };

    private static InstanceStatus Status(string service, int number) => new()
    {
        Service = service,
        Instance = $"{service}-{number}",
        Release = 2,
        PackageDigest = "sha256:" + new string('a', 64),
        Incarnation = 1,
        Wanted = RunState.Running,
        State = InstanceState.Stopped,
        Health = HealthState.Unknown,
        Reason = "as an example",
        Since = Start.AddSeconds(1),
        Containment = new ContainmentStatus { Kind = "cgroup" },
    };
}
