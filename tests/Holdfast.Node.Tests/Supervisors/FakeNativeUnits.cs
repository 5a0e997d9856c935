using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Supervisors;

namespace Holdfast.Node.Tests.Supervisors;

/// <summary>A fake of the SCM that writes down what is asked of it and starts nothing.</summary>
internal sealed class FakeNativeUnits : INativeUnits
{
    public List<string> Asked { get; } = [];

    public Outcome<Done> Register(InstancePlan plan)
    {
        Asked.Add($"register {plan.Service}");
        return Outcome.Done;
    }

    /// <summary>It answers as the SCM does for a service that is disabled: nothing is waited for then.</summary>
    public Outcome<Done> Start(string service)
    {
        Asked.Add($"start {service}");
        return new Problem(ProblemKind.Conflict, "scm.disabled", $"{service} is disabled");
    }

    public Outcome<Done> Remove(string service)
    {
        Asked.Add($"remove {service}");
        return Outcome.Done;
    }
}
