using System.Globalization;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Probing;

internal static class ProbeTarget
{
    /// <summary>The number behind a port's name, or the number itself; null where there is no such port.</summary>
    public static int? PortOf(InstancePlan plan, string port)
    {
        if (plan.Ports.TryGetValue(port, out var number)) return number;
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is > 0 and < 65536 ? given : null;
    }

    public static string? PortName(ProbeSpec probe) => probe.Http?.Port ?? probe.Grpc?.Port ?? probe.Tcp?.Port;
}
