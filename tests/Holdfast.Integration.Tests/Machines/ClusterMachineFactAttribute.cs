using Holdfast.Integration.Tests.Cluster;

namespace Holdfast.Integration.Tests.Machines;

/// <summary>A test with a machine that a systemd runs, an etcd and workers.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterMachineFactAttribute : FactAttribute
{
    public ClusterMachineFactAttribute() => Skip = new ClusterFactAttribute().Skip ?? new SystemdMachine.FactAttribute().Skip;
}
