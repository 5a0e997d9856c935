using Holdfast.Integration.Tests.Machines;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>The same, and time of the processor can be kept from processes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScarceFactAttribute : FactAttribute
{
    public ScarceFactAttribute() => Skip = NetworkFactAttribute.Missing ?? (ScarceProcessor.Tree is null ? "needs control groups with shares of the processor" : null);
}
