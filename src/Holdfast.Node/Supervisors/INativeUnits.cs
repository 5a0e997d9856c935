using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Node.Supervisors;

/// <summary>Windows' own list of services, as far as the agent's native services are concerned: each is a supervisor that the SCM starts.</summary>
internal interface INativeUnits
{
    /// <summary>Makes it known, or brings what is known of it up to date; what its supervisor writes becomes its account's. Starts nothing.</summary>
    Outcome<Done> Register(InstancePlan plan);

    /// <summary>Returns when the start has begun. Done also where it runs.</summary>
    Outcome<Done> Start(string service);

    /// <summary>Done also where it is not known, or not ours.</summary>
    Outcome<Done> Remove(string service);
}
