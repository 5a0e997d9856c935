using Holdfast.Integration.Tests.Nodes;
using Holdfast.Testing.Storage;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>A test with an etcd and with workers, which are compiled.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "its processes are stopped and cut off by Linux' means";
        else if (EtcdProcess.WhyNot() is { } why) Skip = why;
        // The worker must be native: what one that runs on a runtime does in its last milliseconds would be the runtime's.
        else if (!Programs.Has("gcc")) Skip = "needs gcc: its worker is compiled by the test";
    }
}
