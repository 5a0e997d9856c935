using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Node.Supervisors;

/// <summary>A supervisor that says nothing: what it keeps is not known.</summary>
/// <param name="Service">Whose own supervisor it is; null: the shared one.</param>
/// <param name="Problem">Why nothing is known.</param>
/// <param name="Unit">The unit that the service manager has stopped. Null: it should be there.</param>
/// <param name="IsNative">That one Windows has for a service of ours: nothing runs of it, and an operation that wants it to run has it started. Otherwise nobody but the service manager does.</param>
public sealed record SupervisorAbsence(string? Service, Problem Problem, string? Unit = null, bool IsNative = false);

/// <summary>What the node's supervisors keep, as they said it at one moment.</summary>
public sealed record Observation(IReadOnlyList<InstanceStatus> Instances, IReadOnlyList<SupervisorAbsence> Absent)
{
    /// <summary>Why it cannot be known whether the service has an instance that is not listed; null: it has none.</summary>
    public SupervisorAbsence? WhyUnseen(string service) =>
        Absent.FirstOrDefault(absence => absence.Service == service) ?? Absent.FirstOrDefault(absence => absence.Service is null);
}
