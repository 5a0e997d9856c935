using Holdfast.Core.Problems;

namespace Holdfast.Node.Supervisors;

/// <summary>Why a service's own supervisor is not there. Rule names are append-only.</summary>
internal static class SupervisorProblems
{
    public static Problem Stopped(string service, string unit) => new(ProblemKind.Conflict, "supervisor.unit-stopped", $"{service} is stopped by the service manager")
    {
        Why = $"it is the unit {unit}, which does not run",
        Mend = OperatingSystem.IsWindows() ? $"holdfast start {service}, or start it in services.msc" : $"systemctl start {unit}",
    };

    public static Problem NoUnit(string service) => OperatingSystem.IsWindows()
        ? new(ProblemKind.Conflict, "supervisor.no-unit", $"{service} is to have a supervisor of its own, which on this node the service manager starts") { Mend = "say `windows: {nativeService: true}` in its spec" }
        : new(ProblemKind.Conflict, "supervisor.no-unit", $"{service} is to have a supervisor of its own, which on this node the service manager starts: `holdfast service export {service} --systemd --now` gives it a unit");

    public static Problem Starting(string service) => new(ProblemKind.Unavailable, "supervisor.starting", $"the supervisor of {service} is being started");
}
