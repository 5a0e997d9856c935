using System.Globalization;
using Holdfast.Core.Supervision;
using Holdfast.Supervisor.Fencing;

namespace Holdfast.Supervisor.Launching;

/// <summary>The plan's environment and what only the supervisor knows.</summary>
internal static class LaunchEnvironment
{
    /// <param name="leaseFile">What it sees of the lease under which it acts; null: it acts under none.</param>
    public static Dictionary<string, string> For(InstancePlan plan, string? notifyAddress, string? leaseFile, PreparedSecrets secrets)
    {
        var environment = new Dictionary<string, string>(plan.Environment, StringComparer.Ordinal)
        {
            ["HOLDFAST_SERVICE"] = plan.Service,
            ["HOLDFAST_INSTANCE"] = plan.Instance,
        };
        // What stands by hot is told its epoch when it is promoted, however it was started.
        if (plan.Epoch is { } epoch && !Promotion.IsOf(plan.Spec)) environment["HOLDFAST_EPOCH"] = epoch.ToString(CultureInfo.InvariantCulture);
        if (leaseFile is not null) environment[LeaseFile.Variable] = leaseFile;
        foreach (var (name, path) in secrets.Paths) environment[name + "_FILE"] = path;
        if (secrets.Packaged is { } packaged) environment["HOLDFAST_SECRETS"] = packaged;
        if (notifyAddress is not null)
        {
            environment["NOTIFY_SOCKET"] = notifyAddress;
            environment["HOLDFAST_NOTIFY"] = notifyAddress;
            if (plan.Spec.Watchdog is { } watchdog)
                environment["WATCHDOG_USEC"] = ((long)watchdog.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
        }

        return environment;
    }
}
