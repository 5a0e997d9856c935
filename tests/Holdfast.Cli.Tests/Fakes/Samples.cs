using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Tests.Fakes;

/// <summary>Instances in every state that ps has something to say about.</summary>
internal static class Samples
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static Instance Running => new()
    {
        Service = "payments", Release = 1, Instance_ = "payments-0", Node = "here", State = "running", Health = "healthy", Pid = 41233,
        StartedAt = Ago(12), Restarts = 0, Cpu = 0.003, MemoryBytes = 10_276_045, PackageDigest = Digest, Version = "1.0.0", Wanted = "running",
        Reason = "ready", Since = Ago(11), Processes = 2, Containment = "cgroup", Ports = { ["http"] = 20001, ["admin"] = 20002 },
        Supervisor = "shared", Labels = { ["team"] = "cards: \"core\"" }, StatusText = "serving\u001b[2J", NotEnforced = { "limits.cpu: the cpu controller is not delegated" },
        Probes = { new Probe { Name = "readiness", State = "succeeding", LatencySeconds = 0.0021, LastRunAt = Ago(2) } },
    };

    public static Instance BackingOff => new()
    {
        Service = "ledger", Release = 12, Instance_ = "ledger-0", Node = "here", State = "backing-off", Health = "unknown", Restarts = 3, Cpu = -1,
        MemoryBytes = -1, PackageDigest = Digest, Version = "2.1.0", Wanted = "running", Reason = "exit code 3", LastExit = "exit code 3",
        NextStartAt = Timestamp.FromDateTimeOffset(FixedTime.Now.AddSeconds(5)), Since = Ago(1), Containment = "cgroup", Supervisor = "dedicated",
    };

    public static Instance Unhealthy => new()
    {
        Service = "gateway", Release = 2, Instance_ = "gateway-0", Node = "here", State = "running", Health = "unhealthy", Pid = 77, StartedAt = Ago(273_600),
        Restarts = 1, Cpu = 1.5, MemoryBytes = 3L << 30, PackageDigest = Digest, Version = "0.9.0", Wanted = "running", Reason = "readiness failed 3 times",
        Since = Ago(60), Processes = 1, Containment = "session", Supervisor = "holdfast-service-gateway.service", OutputTrouble = "no space left on device",
        Probes = { new Probe { Name = "readiness", State = "failing", Message = "HTTP 503" } },
    };

    public static ListInstancesResponse All => new() { Instances = { BackingOff, Running, Unhealthy } };

    public static Timestamp Ago(int seconds) => Timestamp.FromDateTimeOffset(FixedTime.Now.AddSeconds(-seconds));
}
