using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Supervisors;

namespace Holdfast.Node.Operations;

/// <summary>What one observation says of each service, and which of them are to have a supervisor of their own.</summary>
internal sealed class ServiceViews(Observation seen)
{
    private readonly ILookup<string, InstanceStatus> statuses = seen.Instances.ToLookup(status => status.Instance, StringComparer.Ordinal);
    private readonly HashSet<string> dedicated = new(StringComparer.Ordinal);

    /// <summary>Of those that were looked at; one whose spec cannot be read may be one of them.</summary>
    public IReadOnlySet<string> Dedicated => dedicated;

    /// <param name="service">What is wanted.</param>
    /// <param name="spec">Of the wanted release.</param>
    /// <param name="status">Its instance; null: it has none, or see the answer.</param>
    /// <returns>Why it is not known whether it has one; null: it is known.</returns>
    public SupervisorAbsence? Look(ServiceRecord service, Outcome<ServiceSpec> spec, out InstanceStatus? status)
    {
        SupervisorKind? kind = spec.IsOk ? spec.Value.Supervisor : null;
        if (kind != SupervisorKind.Shared && !service.Removing)
            dedicated.Add(service.Name);
        var found = statuses[service.Instance];
        // Where two have it, the one that is not to have it is to go first.
        status = found.FirstOrDefault(one => Reconciliation.Decide(service, one, kind) == SupervisorOrder.Leave) ?? found.FirstOrDefault();
        return status is null ? seen.WhyUnseen(service.Name) : null;
    }
}
