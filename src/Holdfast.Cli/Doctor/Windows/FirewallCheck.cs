using System.Runtime.Versioning;
using Holdfast.Core.Firewall;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Settings;

namespace Holdfast.Cli.Doctor.Windows;

/// <summary>Whether Windows' firewall lets others in to the ports that services have. Whether others are to come in, no spec says: it is told, and nothing is broken.</summary>
internal static class FirewallCheck
{
    [SupportedOSPlatform("windows")]
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        var plans = SupervisorPlace.AllOf(cli.Home).SelectMany(place => place.Orders()).Where(order => order.Run == RunState.Running).Select(order => order.Plan).ToList();
        return Task.FromResult<IReadOnlyList<Finding>>(plans.Exists(plan => plan.Ports.Count > 0) ? Judge(plans, FirewallSettings.Read()) : []);
    }

    internal static IReadOnlyList<Finding> Judge(IEnumerable<InstancePlan> plans, FirewallState firewall) =>
    [
        .. from plan in plans
           from port in plan.Ports
           select Judge(plan, port.Key, port.Value, firewall.Ask(port.Value, plan.Executable)),
    ];

    private static Finding Judge(InstancePlan plan, string name, int port, FirewallAnswer answer)
    {
        var what = $"port {port} of {plan.Service} ({name})";
        return answer switch
        {
            FirewallAnswer.Open open => new(Verdict.Good, $"Windows' firewall lets others in to {what}: rule \"{open.By.Title}\""),
            FirewallAnswer.Off => new(Verdict.Good, $"Windows' firewall keeps nobody from {what}: it is off, or lets in whom no rule names"),
            FirewallAnswer.Partly partly => new(Verdict.Good, $"Windows' firewall lets some in to {what}: rule \"{partly.By.Title}\", {Narrowing(partly)}"),
            FirewallAnswer.Blocked blocked => new(
                Verdict.Lacking, $"Windows' firewall keeps others from {what}: rule \"{blocked.By.Title}\" blocks it, whatever other rules allow", $"if others are to reach it: powershell Disable-NetFirewallRule -Name '{blocked.By.Id}'"),
            _ => new(
                Verdict.Lacking, $"No rule of Windows' firewall lets others in to {what}: from other machines it is not reached", $"if it is to be: netsh advfirewall firewall add rule name=\"Holdfast {plan.Service} {name}\" dir=in action=allow protocol=TCP localport={port}"),
        };
    }

    private static string Narrowing(FirewallAnswer.Partly partly)
    {
        var where = $"in the profile {string.Join(", ", partly.Profiles)}";
        return partly.By.Conditions.Count == 0 ? where : $"{where}, under conditions ({string.Join(", ", partly.By.Conditions.Distinct(StringComparer.OrdinalIgnoreCase))})";
    }
}
