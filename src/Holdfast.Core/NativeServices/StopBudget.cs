using Holdfast.Core.Services;
using Holdfast.Core.Services.Units;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.NativeServices;

/// <summary>The longest that an orderly stop of a service can take.</summary>
/// <param name="Instance">Until nothing of the instance runs any more.</param>
/// <param name="Total">Until the SCM is told STOPPED.</param>
/// <param name="Words">What it adds up from: <c>stop.timeout 15s, the kill 5s, …</c></param>
public sealed record StopBudget(TimeSpan Instance, TimeSpan Total, string Words)
{
    public static StopBudget Of(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var parts = new List<(string What, TimeSpan Time)>();
        if (spec.Hooks.PreStop is { } before) parts.Add(("the preStop hook", before.Timeout));
        parts.Add(("stop.timeout", spec.Stop.Timeout));
        parts.Add(("the kill", SupervisionLimits.EmptyWithin));
        if (spec.Hooks.PostStop is { } after) parts.Add(("the postStop hook", after.Timeout));
        var instance = parts.Aggregate(TimeSpan.Zero, (sum, part) => sum + part.Time);
        parts.Add(("the supervisor's own end", NativeServiceLimits.CloseWithin));
        return new(instance, instance + NativeServiceLimits.CloseWithin, string.Join(", ", parts.Select(part => $"{part.What} {DurationText.Format(part.Time)}")));
    }
}
